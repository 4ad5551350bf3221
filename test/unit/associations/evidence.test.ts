import { expect, test } from 'vitest';
import { evidenceOf } from '../../../lib/associations/evidence.ts';

test.each([
  ['half width', 'AD-00123 の件', ['AD-00123']],
  ['full width', '広告主ID：ＡＤ－００１２３ について', ['AD-00123']],
  ['without a blank', '広告主ID12345の請求', ['ID12345', '12345']],
  ['with another dash', 'AD‐00123', ['AD-00123']],
  ['within HTML', '<p>AD-1<br>AD-2</p>', ['AD-1', 'AD-2']],
  ['words alone', 'Re: hello world', []],
])('an id is found in a subject: %s', (_, hs_email_subject, advertiserIds) => {
  expect(evidenceOf({ hs_email_subject }).advertiserIds).toEqual(advertiserIds);
});

test("a record's own 広告主ID comes first, and the parts of an address are no ids", () => {
  const { advertiserIds, emails } = evidenceOf({
    advertiser_id: 'ＡＤ－９',
    content: 'taro2026@example.co.jp より AD-10',
  });
  expect(advertiserIds).toEqual(['AD-9', 'AD-10']);
  expect(emails).toEqual(['taro2026@example.co.jp']);
});

test('addresses of sender and recipients are read out of names and brackets', () => {
  const properties = {
    hs_email_from_email: '田中 <Tanaka@Example.co.jp>',
    hs_email_to_email: 'a@example.com; b@example.com',
  };
  expect(evidenceOf(properties).emails).toEqual(['tanaka@example.co.jp', 'a@example.com', 'b@example.com']);
});

test.each([
  '03-1234-5678',
  '０３（１２３４）５６７８',
  '+81 3 1234 5678',
])('a number is one in any notation: %s', (number) => {
  expect(evidenceOf({ hs_call_to_number: number }).phones).toEqual(['+81312345678']);
});

test('a very long text is looked at in part, in little time', () => {
  const { advertiserIds } = evidenceOf({
    hs_note_body: `${'A1 '.repeat(10)}${'a'.repeat(100_000)}${'<a '.repeat(50_000)}`,
  });
  expect(advertiserIds).toEqual(['A1']);
});
