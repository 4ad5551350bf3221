import { describe, expect, test } from 'vitest';
import { CrmError } from '../../../lib/core/errors.ts';
import { uniqueValueOf } from '../../../lib/objects/unique-value.ts';
import { checkValues } from '../../../lib/objects/values.ts';
import { codes, creating, now, refusal, updating } from './checking.ts';
import { objectType, property } from './object-type.ts';

const contacts = objectType('contacts');

describe('a request with bad values', () => {
  test("is told of an unknown property in HubSpot's exact words", () => {
    const error = refusal(() => checkValues(contacts, { x: '1' }, creating));
    expect(error.status).toBe(400);
    expect(error.message).toBe(
      'Property values were not valid: [{"isValid":false,"message":"Property \\"x\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"x","localizedErrorMessage":"Property \\"x\\" does not exist","portalId":123}]',
    );
    expect(error.options.errors).toEqual([
      { message: 'Property "x" does not exist', code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['x'] } },
    ]);
  });

  test('hears of all of them at once', () => {
    const type = objectType('contacts', [
      property({ name: 'score', type: 'number', fieldType: 'number' }),
      property({ name: 'day', type: 'date', fieldType: 'date' }),
      property({ name: 'due', type: 'date', fieldType: 'date' }),
      property({ name: 'at', type: 'datetime', fieldType: 'date' }),
      property({ name: 'yes', type: 'bool', fieldType: 'booleancheckbox' }),
    ]);
    const error = refusal(() =>
      checkValues(
        type,
        {
          nowhere: '1',
          email: 'no address',
          hs_object_id: '7',
          lifecyclestage: 'Lead',
          score: 'many',
          day: 'soon',
          due: 1577836801000,
          at: 'x',
          yes: 'si',
        },
        creating,
      ),
    );
    expect(codes(error)).toEqual([
      ['PROPERTY_DOESNT_EXIST', 'nowhere'],
      ['INVALID_EMAIL', 'email'],
      ['READ_ONLY_VALUE', 'hs_object_id'],
      ['INVALID_OPTION', 'lifecyclestage'],
      ['INVALID_INTEGER', 'score'],
      ['INVALID_LONG', 'day'],
      ['INVALID_DATE', 'due'],
      ['INVALID_LONG', 'at'],
      ['INVALID_OPTION', 'yes'],
    ]);
    expect(error.message).toContain('1577836801000 is at 0:0:1.0 UTC, not midnight!');
    expect(error.message).toContain('Email address no address is invalid');
  });

  test('may not hold more characters than HubSpot takes', () => {
    expect(codes(refusal(() => checkValues(contacts, { firstname: 'x'.repeat(65_537) }, creating)))).toEqual([
      ['VALUE_TOO_LONG', 'firstname'],
    ]);
    expect(checkValues(contacts, { message: 'あ'.repeat(65_536) }, creating).message).toHaveLength(65_536);
  });

  test('is told of required properties that are missing on create, as HubSpot words it', () => {
    const error = refusal(() => checkValues(objectType('notes'), { hs_note_body: 'hello' }, creating));
    expect(error.message).toBe('Error creating NOTE. Some required properties were not set.');
    expect(error.options.context).toEqual({ properties: ['hs_timestamp'] });
    expect(codes(error)).toEqual([['MISSING_REQUIRED_PROPERTY', 'hs_timestamp']]);
  });

  test('may not clear a required property later', () => {
    expect(
      codes(refusal(() => checkValues(objectType('notes'), { hs_timestamp: '' }, updating({ hs_timestamp: now })))),
    ).toEqual([['MISSING_REQUIRED_PROPERTY', 'hs_timestamp']]);
    expect(checkValues(objectType('notes'), { hs_note_body: '' }, updating({ hs_timestamp: now }))).toEqual({
      hs_note_body: null,
      hs_body_preview: null,
    });
  });

  test("needs one of a company's name and domain", () => {
    const companies = objectType('companies');
    expect(checkValues(companies, { domain: 'https://Example.co.jp/about' }, creating)).toMatchObject({
      domain: 'example.co.jp',
    });
    expect(checkValues(companies, { name: 'A8' }, creating)).toMatchObject({ name: 'A8' });
    expect(codes(refusal(() => checkValues(companies, { phone: '03-1234-5678' }, creating)))).toEqual([
      ['MISSING_REQUIRED_PROPERTY', 'domain'],
    ]);
    expect(checkValues(companies, { name: '' }, updating({ name: 'A8', domain: 'a8.net' }))).toMatchObject({
      name: null,
    });
  });
});

describe('values', () => {
  const kinds = objectType('contacts', [
    property({ name: 'n', type: 'number', fieldType: 'number' }),
    property({ name: 'd', type: 'date', fieldType: 'date' }),
    property({ name: 't', type: 'datetime', fieldType: 'date' }),
    property({ name: 'b', type: 'bool', fieldType: 'booleancheckbox' }),
    property({ name: 'code', type: 'string', hasUniqueValue: true }),
    property({
      name: 'many',
      type: 'enumeration',
      fieldType: 'checkbox',
      options: ['a', 'b', 'c'].map((value) => ({ value, label: value, hidden: false })),
    }),
  ]);
  const stored = (input: Parameters<typeof checkValues>[1], current: Record<string, string> = {}) =>
    checkValues(kinds, input, updating(current));

  test.each([
    [' 00012.500 ', '12.5'],
    ['１２３', '123'],
    [-0, '0'],
    [1e21, '1000000000000000000000'],
    ['1.5e-3', '0.0015'],
    ['-.5', '-0.5'],
    ['12345678901234567890.10', '12345678901234567890.1'],
  ])('a number %s is stored as %s', (given, expected) => {
    expect(stored({ n: given })).toEqual({ n: expected });
  });

  test.each([
    ['2026-02-28', '2026-02-28'],
    [Date.UTC(2026, 1, 28), '2026-02-28'],
    [String(Date.UTC(1969, 11, 31)), '1969-12-31'],
    ['2026-02-28T00:00:00Z', '2026-02-28'],
  ])('a date %s is stored as %s', (given, expected) => {
    expect(stored({ d: given })).toEqual({ d: expected });
  });

  test.each([
    ['2026-02-28T09:00:00+09:00', '2026-02-28T00:00:00.000Z'],
    ['2026-02-28T09:00', '2026-02-28T09:00:00.000Z'],
    ['2026-02-28', '2026-02-28T00:00:00.000Z'],
    [1772236800123, '2026-02-28T00:00:00.123Z'],
  ])('a datetime %s is stored as %s', (given, expected) => {
    expect(stored({ t: given })).toEqual({ t: expected });
  });

  test.each(['2026-02-30', '2026-13-01', '2026/02/28', '20260228T00'])('%s is no date', (given) => {
    expect(() => stored({ d: given })).toThrow(CrmError);
    expect(() => stored({ t: given })).toThrow(CrmError);
  });

  test('booleans are text', () => {
    expect(stored({ b: true })).toEqual({ b: 'true' });
    expect(stored({ b: 'FALSE' })).toEqual({ b: 'false' });
  });

  test('empty text and null clear', () => {
    expect(stored({ n: '', firstname: null })).toEqual({ n: null, firstname: null });
  });

  test('several options are a list, and a semicolon in front adds to what is there', () => {
    expect(stored({ many: 'b; a;b' })).toEqual({ many: 'b;a' });
    expect(stored({ many: ';c;a' }, { many: 'b;a' })).toEqual({ many: 'b;a;c' });
    expect(codes(refusal(() => stored({ many: 'a;d' })))).toEqual([['INVALID_OPTION', 'many']]);
  });

  test('an id in full width or with blanks around is the same id', () => {
    expect(stored({ code: ' ｓ００００12345 ' })).toEqual({ code: 's000012345' });
    const id = property({ type: 'string', hasUniqueValue: true });
    for (const spelt of ['s00012', 'Ｓ００012', '　S00012 ', 's00012\n'])
      expect(uniqueValueOf(id, spelt)).toBe('s00012');
    const number = property({ type: 'number', hasUniqueValue: true });
    for (const spelt of ['7', '07', '7.0', ' ７ ']) expect(uniqueValueOf(number, spelt)).toBe('7');
  });

  test('an id of digits is no number: its zeros are kept and tell it from another', () => {
    expect(stored({ code: '　００１２３ ' })).toEqual({ code: '00123' });
    const id = property({ type: 'string', hasUniqueValue: true });
    expect(uniqueValueOf(id, '00123')).not.toBe(uniqueValueOf(id, '123'));
  });

  test.each([
    [' Taro@Example.CO.JP ', 'taro@example.co.jp'],
    ['ａ@example.com', 'a@example.com'],
    ['a..b.@docomo.ne.jp', 'a..b.@docomo.ne.jp'],
    ['.A-._b.@ezweb.ne.jp', '.a-._b.@ezweb.ne.jp'],
    ['x@日本語.jp', 'x@日本語.jp'],
  ])('the address %s is stored as %s', (given, expected) => {
    expect(stored({ email: given })).toMatchObject({ email: expected, hs_email_domain: expected.split('@')[1] });
  });

  test.each([
    'a',
    'a@b',
    '@example.com',
    'a@example.c',
    'a b@example.com',
    'a@b@example.com,',
    'a@-x.com',
  ])('%s is no address', (given) => {
    expect(codes(refusal(() => stored({ email: given })))).toEqual([['INVALID_EMAIL', 'email']]);
  });
});

describe('a phone number', () => {
  test.each([
    ['03-1234-5678', '+81312345678', null],
    ['０３（１２３４）５６７８代表', '+81312345678', null],
    ['03ー1234ー5678 内線123', '+81312345678', '123'],
    ['+81 (0)90-1234-5678', '+819012345678', null],
    ['TEL:+1 415 555 2671', '+14155552671', null],
    ['携帯０９０ー１２３４ー５６７８', '+819012345678', null],
    ['FAX 03-1234-5678', '+81312345678', null],
    ['直通：03-1234-5678（内線：45）', '+81312345678', '45'],
    ['03-1234-5678(代)', '+81312345678', null],
    ['03−1234−5678', '+81312345678', null],
    ['0120-123-456', '+81120123456', null],
    ['81312345678', '+81312345678', null],
    ['折り返し希望', null, null],
  ])('%s is kept as typed beside %s', (typed, e164, extension) => {
    expect(checkValues(contacts, { phone: typed }, updating())).toEqual({
      phone: typed,
      hs_searchable_calculated_phone_number: e164,
      phone_extension: extension,
    });
  });

  test('that is cleared takes its twin along', () => {
    expect(checkValues(contacts, { mobilephone: '' }, updating())).toEqual({
      mobilephone: null,
      hs_searchable_calculated_mobile_number: null,
    });
  });
});
