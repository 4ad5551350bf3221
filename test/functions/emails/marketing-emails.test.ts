import { SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as archive } from '../../../functions/marketing-emails/archive.ts';
import { handler as clone } from '../../../functions/marketing-emails/clone.ts';
import { handler as create } from '../../../functions/marketing-emails/create.ts';
import { handler as createVariation } from '../../../functions/marketing-emails/create-variation.ts';
import { handler as get } from '../../../functions/marketing-emails/get.ts';
import { handler as getDraft } from '../../../functions/marketing-emails/get-draft.ts';
import { handler as getRevision } from '../../../functions/marketing-emails/get-revision.ts';
import { handler as getVariation } from '../../../functions/marketing-emails/get-variation.ts';
import { handler as histogram } from '../../../functions/marketing-emails/histogram.ts';
import { handler as list } from '../../../functions/marketing-emails/list.ts';
import { handler as listRevisions } from '../../../functions/marketing-emails/list-revisions.ts';
import { handler as preview } from '../../../functions/marketing-emails/preview.ts';
import { handler as publish } from '../../../functions/marketing-emails/publish.ts';
import { handler as putMailSettings } from '../../../functions/marketing-emails/put-mail-settings.ts';
import { handler as resetDraft } from '../../../functions/marketing-emails/reset-draft.ts';
import { handler as restoreRevision } from '../../../functions/marketing-emails/restore-revision.ts';
import { handler as restoreToDraft } from '../../../functions/marketing-emails/restore-to-draft.ts';
import { handler as statistics } from '../../../functions/marketing-emails/statistics.ts';
import { handler as unpublish } from '../../../functions/marketing-emails/unpublish.ts';
import { handler as update } from '../../../functions/marketing-emails/update.ts';
import { handler as updateDraft } from '../../../functions/marketing-emails/update-draft.ts';
import { handler as createContact } from '../../../functions/objects/create.ts';
import { findEmail } from '../../../lib/emails/store.ts';
import { countWrite } from '../../../lib/sends/ledger.ts';
import { findSend } from '../../../lib/sends/send-store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
mockClient(SQSClient).onAnyCommand().resolves({});
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

type Email = Record<string, unknown> & { id: string; content: { html: string } };
type Request = { path?: Record<string, string>; query?: Record<string, string>; body?: unknown; method?: string };
const ask = (handler: unknown, request: Request = {}) => call(handler, { headers: bearer(), ...request });
const of = (emailId: string, more: Record<string, string> = {}) => ({ path: { emailId, ...more } });
const read = async (id: string, query: Record<string, string> = {}) =>
  (await ask(get, { method: 'GET', ...of(id), query })).body as Email;

const html =
  '<html><head><style>p{color:#123456}</style></head><body><p>{{ contact | honorific }}</p>{% if contact.phone %}<b>{{ contact.phone }}</b>{% endif %}' +
  '<p>{{ personalization_token("contact.jobtitle", "ご担当") }} {{ contact.city }}</p></body></html>';
const content = { html };
async function made(more: Record<string, unknown> = {}): Promise<Email> {
  const body = {
    name: '春の特集',
    subject: '{{ contact.lastname }}様へ',
    content,
    from: { fromName: '株式会社例' },
    ...more,
  };
  const answer = await ask(create, { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as Email;
}
const details = { senderName: '株式会社例', address: '東京都港区1-1', contact: 'https://example.co.jp/contact' };
const sayWhoSends = () => ask(putMailSettings, { method: 'PUT', body: details });
const contactId = async (properties: Record<string, string>) =>
  ((await ask(createContact, { path: { objectType: 'contacts' }, body: { properties } })).body as { id: string }).id;

describe('an e-mail', () => {
  test('is made as a draft, changed, cloned and archived', async () => {
    const { id } = await made();
    expect(await read(id)).toMatchObject({
      state: 'DRAFT',
      type: 'BATCH_EMAIL',
      subcategory: 'batch',
      isPublished: false,
    });
    const changed = await ask(update, { method: 'PATCH', ...of(id), query: {}, body: { subject: '件名' } });
    expect(changed.body).toMatchObject({ subject: '件名', name: '春の特集' });
    const copy = (await ask(clone, { body: { id, cloneName: '写し' } })).body as Email;
    expect(copy).toMatchObject({ name: '写し', clonedFrom: id, state: 'DRAFT' });
    expect((await ask(archive, { method: 'DELETE', ...of(id) })).status).toBe(204);
    expect((await ask(get, { method: 'GET', ...of(id) })).status).toBe(404);
    expect(await read(id, { archived: 'true' })).toMatchObject({ archived: true });
    const back = { query: { archived: 'true' }, body: { archived: false } };
    expect((await ask(update, { method: 'PATCH', ...of(id), ...back })).body).toMatchObject({ archived: false });
  });

  test.each([
    ['subject', { subject: '{% for i in (1..1000000000) %}x{% endfor %}' }],
    ['content', { content: { html: '{% render "x" %}' } }],
    ['content', { content: { html: '{{ contct.lastname }}' } }],
    ['previewText', { previewText: '{{ contact.lastname | nothing }}' }],
    ['content.plainTextVersion', { content: { html: '<p>', plainTextVersion: '{% if a %}' } }],
    ['from', { from: { unknown: 'x' } }],
    ['bogus', { bogus: 1 }],
  ])('with a bad %s is refused by name', async (field, more) => {
    const answer = await ask(create, { body: { name: 'x', ...more } });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(field);
  });

  test('has a draft beside it, which publishing makes current', async () => {
    await sayWhoSends();
    const { id } = await made();
    await ask(updateDraft, { method: 'PATCH', ...of(id), body: { subject: '下書き' } });
    expect((await ask(getDraft, { method: 'GET', ...of(id) })).body).toMatchObject({ subject: '下書き' });
    expect(await read(id)).toMatchObject({ subject: '{{ contact.lastname }}様へ' });
    await ask(resetDraft, of(id));
    expect((await ask(getDraft, { method: 'GET', ...of(id) })).body).toMatchObject({
      subject: '{{ contact.lastname }}様へ',
    });
    await ask(updateDraft, { method: 'PATCH', ...of(id), body: { subject: '下書き' } });
    expect((await ask(publish, of(id))).text).toBe('');
    expect(await read(id)).toMatchObject({ subject: '下書き', state: 'PUBLISHED', isPublished: true });
    const late = await ask(update, { method: 'PATCH', ...of(id), body: { subject: '後から' } });
    expect(late.status).toBe(400);
    expect((await ask(unpublish, of(id))).status).toBe(204);
    expect(await read(id)).toMatchObject({ state: 'DRAFT', isPublished: false });
    expect((await ask(unpublish, of(id))).status).toBe(400);
  });

  test('keeps its versions, of which an old one can come back', async () => {
    const { id } = await made({ subject: '一' });
    for (const subject of ['二', '三']) await ask(update, { method: 'PATCH', ...of(id), body: { subject } });
    const page = await ask(listRevisions, { method: 'GET', ...of(id), query: { limit: '2' } });
    const { results, paging } = page.body as {
      results: { id: string; object: Email }[];
      paging: { next: { after: string } };
    };
    expect(results.map((each) => [each.id, each.object.subject])).toEqual([
      ['-1', '三'],
      ['2', '二'],
    ]);
    const next = await ask(listRevisions, { method: 'GET', ...of(id), query: { after: paging.next.after } });
    expect(next.body).toMatchObject({ results: [{ id: '1' }] });
    expect(next.body).not.toHaveProperty('paging');
    expect((await ask(getRevision, { method: 'GET', ...of(id, { revisionId: '1' }) })).body).toMatchObject({
      object: { subject: '一' },
    });
    expect((await ask(restoreRevision, of(id, { revisionId: '1' }))).status).toBe(204);
    expect(await read(id)).toMatchObject({ subject: '一' });
    expect((await ask(restoreToDraft, of(id, { revisionId: '2' }))).body).toMatchObject({ subject: '二' });
    expect((await ask(getRevision, { method: 'GET', ...of(id, { revisionId: '77' }) })).status).toBe(404);
  });

  test('has one variation, and each leads to the other', async () => {
    const { id } = await made();
    const variation = await ask(createVariation, { body: { contentId: id, variationName: 'B' } });
    expect(variation.status).toBe(201);
    const other = (variation.body as Email).id;
    expect(variation.body).toMatchObject({
      state: 'DRAFT_AB_VARIANT',
      testing: { abStatus: 'variant', abTestPercentage: 50 },
    });
    expect((await ask(getVariation, { method: 'GET', ...of(id) })).body).toMatchObject({ id: other });
    expect((await ask(getVariation, { method: 'GET', ...of(other) })).body).toMatchObject({ id, state: 'DRAFT_AB' });
    expect((await ask(createVariation, { body: { contentId: id, variationName: 'C' } })).status).toBe(400);
  });
});

describe('a list', () => {
  test('is filtered, sorted and paged with its total', async () => {
    for (const name of ['c', 'a', 'b']) await made({ name, campaign: 'spring' });
    const query = { campaign: 'spring', sort: '-name', limit: '2' };
    const first = (await ask(list, { method: 'GET', query })).body as {
      results: Email[];
      total: number;
      paging: { next: { after: string } };
    };
    expect(first.total).toBe(3);
    expect(first.results.map(({ name }) => name)).toEqual(['c', 'b']);
    const second = await ask(list, { method: 'GET', query: { ...query, after: first.paging.next.after } });
    expect(second.body).toMatchObject({ results: [{ name: 'a' }] });
    expect(second.body).not.toHaveProperty('paging');
    expect((await ask(list, { method: 'GET', query: { sort: 'colour' } })).status).toBe(400);
    const few = await ask(list, {
      method: 'GET',
      query: { campaign: 'spring', includedProperties: 'name', limit: '1' },
    });
    expect((few.body as { results: Email[] }).results[0]).not.toHaveProperty('campaign');
  });
});

describe('publishing', () => {
  test('refuses mail that does not say who sends it, and adds what the settings say', async () => {
    await ask(putMailSettings, { method: 'PUT', body: {} });
    const { id } = await made();
    const refused = await ask(publish, of(id));
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ context: { missing: ['address', 'contact'] } });
    await sayWhoSends();
    expect((await ask(publish, of(id))).status).toBe(204);
    const { ready } = (await findEmail(database.app, id)) ?? {};
    expect(ready?.html).toContain('東京都港区1-1');
    expect(ready?.html).toContain('href="{{ unsubscribe_link }}"');
    expect(ready?.text).toContain('{{ unsubscribe_link }}');
    expect(ready?.html).toContain('<p style="color: #123456;">{{ contact | honorific }}</p>{% if contact.phone %}<b>');
    expect(ready?.html).toContain('{{ personalization_token("contact.jobtitle", "ご担当") }}');
  });

  test('refuses a property that no record has', async () => {
    await sayWhoSends();
    const { id } = await made({ content: { html: '<p>{{ contact.frstname }}</p>' } });
    const answer = await ask(publish, of(id));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('contact.frstname');
  });

  test('sends to whom it names, once, at its time', async () => {
    await sayWhoSends();
    const person = await contactId({ email: 'a@example.co.jp', lastname: '田中' });
    const publishDate = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await made({ to: { contactIds: { include: [person] } }, publishDate });
    const answer = await ask(publish, of(id));
    expect(answer.text).toBe('');
    const scheduled = await read(id);
    expect(scheduled).toMatchObject({ state: 'SCHEDULED', isPublished: true });
    expect((await ask(publish, of(id))).status).toBe(400);
    expect((await ask(archive, { method: 'DELETE', ...of(id) })).status).toBe(400);
    const sendId = String(scheduled.sendId);
    await database.app.table.commit([
      countWrite(sendId, {
        recipients: 4,
        accepted: 3,
        failed: 1,
        delivered: 2,
        opened: 1,
        clicked: 1,
        UNSUBSCRIBED: 2,
      }),
    ]);
    const { stats } = await read(id, { includeStats: 'true' });
    expect(stats).toMatchObject({
      counters: { selected: 6, sent: 3, delivered: 2, open: 1, click: 1, notsent: 3, suppressed: 2 },
      ratios: { openratio: 50, clickthroughratio: 100, deliveredratio: 66.67 },
    });
    const of2 = { emailIds: `${id},1` };
    expect((await ask(statistics, { method: 'GET', query: of2 })).body).toMatchObject({
      emails: [Number(id)],
      aggregate: { counters: { sent: 3 } },
    });
    const days = await ask(histogram, { method: 'GET', query: { ...of2, interval: 'MONTH' } });
    expect(days.body).toMatchObject({ total: 1, results: [{ aggregations: { counters: { sent: 3 } } }] });
    const never = { ...of2, endTimestamp: '2020-01-01T00:00:00Z' };
    expect((await ask(histogram, { method: 'GET', query: never })).body).toMatchObject({ total: 0, results: [] });
    expect((await ask(unpublish, of(id))).status).toBe(204);
    expect(await read(id)).toMatchObject({ state: 'DRAFT' });
  });
});

test('of an A/B test each half goes to its own part of the people, and is taken back with the other', async () => {
  await sayWhoSends();
  const person = await contactId({ email: 'ab@example.co.jp', lastname: '田中' });
  const publishDate = new Date(Date.now() + 3_600_000).toISOString();
  const testing = { abTestPercentage: 30 };
  const { id } = await made({ to: { contactIds: { include: [person] } }, publishDate, testing });
  const other = (await ask(createVariation, { body: { contentId: id, variationName: 'B' } })).body as Email;
  expect((await ask(publish, of(other.id))).status).toBe(400);
  expect((await ask(publish, of(id))).text).toBe('');
  const sends = await Promise.all(
    [id, other.id].map(async (each) => findSend(database.app, String((await read(each)).sendId))),
  );
  const testId = (other.testing as { testId: string }).testId;
  expect(sends.map((send) => send?.part)).toEqual([
    { testId, of: 'A', share: 0.3 },
    { testId, of: 'B', share: 0.3 },
  ]);
  expect(sends[1]?.audience.contactIds).toEqual([person]);
  expect((await ask(unpublish, of(id))).status).toBe(204);
  expect(await read(other.id)).toMatchObject({ state: 'DRAFT_AB_VARIANT' });
});

test('a preview shows the mail as its reader gets it, with what is missing', async () => {
  await sayWhoSends();
  const person = await contactId({ email: 'b@example.co.jp', lastname: '鈴木<script>' });
  const { id } = await made();
  const answer = await ask(preview, { ...of(id), body: { contactId: person } });
  expect(answer.status, answer.text).toBe(200);
  const body = answer.body as { subject: string; html: string; text: string; missingTokens: string[] };
  expect(body.subject).toBe('鈴木<script>様へ');
  expect(body.html).toContain('鈴木&lt;script&gt; 様');
  expect(body.text).toContain('ご担当');
  expect(body.missingTokens).toEqual(['contact.city']);
  expect((await ask(preview, { ...of(id), body: { contactId: '1' } })).status).toBe(404);
});
