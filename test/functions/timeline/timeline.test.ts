import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FormSubmitted } from '../../../events/form.ts';
import { handler as asOf } from '../../../functions/timeline/as-of.ts';
import { handler as explain } from '../../../functions/timeline/explain.ts';
import { handler as list } from '../../../functions/timeline/list.ts';
import { associate, dissociate } from '../../../lib/associations/store.ts';
import { type App, envelopeOf } from '../../../lib/core/app.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { appendEvent } from '../../../lib/table/event-log.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

type Entry = { id: string; kind: string; title: string; body?: string; via?: { id: string }; occurredAt: string };
type Page = { results: Entry[]; paging?: { next: { after: string; link: string } } };
const headers = bearer();

async function page(objectType: string, objectId: string, query: Record<string, string> = {}): Promise<Page> {
  const url = `/crm/v1/objects/${objectType}/${objectId}/timeline`;
  const answer = await call(list, { method: 'GET', url, path: { objectType, objectId }, query, headers });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Page;
}

async function everything(objectType: string, objectId: string, query: Record<string, string>): Promise<Entry[]> {
  const entries: Entry[] = [];
  let after: string | undefined;
  do {
    const { results, paging } = await page(objectType, objectId, { ...query, ...(after && { after }) });
    entries.push(...results);
    after = paging?.next.after;
  } while (after);
  return entries;
}

/** A contact with three mails and a call, and a deal. */
async function story(app: App = database.app) {
  const contact = await createRecord(app, '0-1', { lastname: '田中', firstname: '太郎' });
  const deal = await createRecord(app, '0-3', { dealname: '取引A' });
  for (const subject of ['一通目', '二通目', '三通目']) {
    const mail = await createRecord(app, '0-49', {
      hs_timestamp: '2026-11-01T00:00:00Z',
      hs_email_direction: 'EMAIL',
      hs_email_subject: subject,
      hs_email_text: `${subject}の本文`,
    });
    await associate(app, mail, contact, 'default');
  }
  const phone = await createRecord(app, '0-48', { hs_timestamp: '2026-11-02T00:00:00Z', hs_call_title: '電話' });
  await associate(app, phone, contact, 'default');
  return { contact, deal, phone };
}

describe('a timeline', () => {
  test('takes over the dealings of an associated contact at once, and gives them back', async () => {
    const { contact, deal } = await story();
    const dealings = async () =>
      (await page('deals', deal.id)).results.filter(({ via }) => via?.id === contact.id).map(({ title }) => title);
    expect(await dealings()).toEqual([]);
    await associate(database.app, contact, deal, 'default');
    expect(await dealings()).toEqual(['電話', '三通目', '二通目', '一通目']);
    await dissociate(database.app, contact, deal, 'all');
    expect(await dealings()).toEqual([]);
    const own = (await page('contacts', contact.id)).results.filter(({ kind }) => kind === 'email' || kind === 'call');
    expect(own.map(({ title }) => title)).toEqual(['電話', '三通目', '二通目', '一通目']);
    expect(own[1]?.body).toBe('三通目の本文');
  });

  test('shows an activity once that belongs to the record and to one of its contacts', async () => {
    const { contact, deal, phone } = await story();
    await associate(database.app, contact, deal, 'default');
    await associate(database.app, phone, deal, 'default');
    const calls = (await page('deals', deal.id, { kinds: 'call' })).results;
    expect(calls).toHaveLength(1);
    expect(calls[0]?.via).toBeUndefined();
  });

  test('pages through everything, newest first, without a gap or a double, whatever the page', async () => {
    const { contact, deal } = await story();
    await associate(database.app, contact, deal, 'default');
    for (let step = 0; step < 12; step += 1) await updateRecord(database.app, '0-3', deal, { amount: step + 1 });
    const whole = await everything('deals', deal.id, { limit: '100' });
    expect(whole).toHaveLength(12 + 1 + 4);
    for (const limit of ['1', '3', '7']) {
      expect((await everything('deals', deal.id, { limit })).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    }
    const only = await everything('deals', deal.id, { limit: '2', kinds: 'email,call' });
    expect(only.map(({ kind }) => kind)).toEqual(['call', 'email', 'email', 'email']);
  });

  test('says in Japanese and English what changed, and who did it', async () => {
    const app: App = { ...database.app, actor: { kind: 'token', id: '1' } };
    const contact = await createRecord(app, '0-1', { lastname: '佐藤' });
    await updateRecord(app, '0-1', contact, { lastname: '鈴木', jobtitle: '課長' });
    const [ja] = (await page('contacts', contact.id)).results;
    const [en] = (await page('contacts', contact.id, { language: 'en' })).results;
    expect(ja?.title).toMatch(/ほか1項目を変更$/);
    expect(ja?.body).toContain('佐藤 → 鈴木');
    expect(en?.title).toMatch(/ and 1 more changed$/);
  });

  test('holds what a visitor sent and what another record of the pair did', async () => {
    const { contact, deal } = await story();
    await associate(database.app, contact, deal, 'default');
    const submitted = FormSubmitted.of({
      ...envelopeOf(database.app, contact),
      formId: '1',
      submissionId: '2',
      submittedAt: database.app.now(),
      values: [{ objectTypeId: '0-1', name: 'message', value: '資料請求' }],
    });
    await database.app.table.commit([appendEvent(submitted)]);
    const [newest] = (await page('deals', deal.id)).results;
    expect(newest).toMatchObject({ kind: 'form', title: 'フォーム送信', body: '資料請求', via: { id: contact.id } });
  });

  test('leaves out an activity that was deleted', async () => {
    const { contact, phone } = await story();
    await archiveRecord(database.app, '0-48', phone.id);
    expect((await page('contacts', contact.id, { kinds: 'call' })).results).toEqual([]);
  });

  test.each(['x', '1-2', '1700000000000-', '1700000000000-a;b'])('refuses the cursor %s', async (after) => {
    const contact = await createRecord(database.app, '0-1', {});
    const answer = await call(list, {
      method: 'GET',
      path: { objectType: 'contacts', objectId: contact.id },
      query: { after },
      headers,
    });
    expect(answer.status).toBe(400);
  });
});

describe('explain', () => {
  const reasons = async (objectId: string, name: string, query: Record<string, string> = {}) => {
    const path = { objectType: 'contacts', objectId, propertyName: name };
    return call(explain, { method: 'GET', url: '/x', path, query, headers });
  };

  test('tells every change with who, why, and the value that lost', async () => {
    const contact = await createRecord(database.app, '0-1', { lastname: '佐藤', jobtitle: '主任' });
    const [created] = (await page('contacts', contact.id)).results;
    const sync: App = {
      ...database.app,
      actor: { kind: 'salesforce', id: 'run' },
      cause: [created?.id ?? ''],
    };
    await updateRecord(
      sync,
      '0-1',
      contact,
      { jobtitle: '課長' },
      {
        explain: {
          jobtitle: {
            rule: 'always_salesforce',
            winner: { side: 'salesforce', value: '課長' },
            loser: { side: 'tsunagi', value: '主任' },
          },
        },
      },
    );
    await updateRecord(database.app, '0-1', contact, { lastname: '鈴木' });
    const { status, body } = await reasons(contact.id, 'jobtitle');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      results: [
        {
          from: '主任',
          to: '課長',
          actor: { kind: 'salesforce' },
          rule: 'always_salesforce',
          loser: { side: 'tsunagi', value: '主任' },
          cause: [{ eventId: created?.id, type: 'record.created', recordId: contact.id }],
        },
        { from: null, to: '主任' },
      ],
    });
    expect(body).not.toHaveProperty('paging');
  });

  test('pages, and knows properties of the type only', async () => {
    const contact = await createRecord(database.app, '0-1', { jobtitle: '0' });
    for (let step = 1; step < 6; step += 1)
      await updateRecord(database.app, '0-1', contact, { jobtitle: String(step) });
    const first = (await reasons(contact.id, 'jobtitle', { limit: '4' })).body as {
      results: { to: string }[];
      paging: { next: { after: string } };
    };
    const rest = (await reasons(contact.id, 'jobtitle', { limit: '4', after: first.paging.next.after })).body;
    expect(first.results.map(({ to }) => to)).toEqual(['5', '4', '3', '2']);
    expect(rest).toMatchObject({ results: [{ to: '1' }, { to: '0' }] });
    expect((await reasons(contact.id, 'shoe_size')).status).toBe(404);
  });
});

describe('a record as of a moment', () => {
  const at = async (objectId: string, moment?: string) =>
    call(asOf, {
      method: 'GET',
      path: { objectType: 'contacts', objectId },
      query: moment === undefined ? {} : { asOf: moment },
      headers,
    });

  test('has the values that it had then', async () => {
    const first = await createRecord(database.app, '0-1', { lastname: '佐藤' });
    const second = await updateRecord(database.app, '0-1', first, { lastname: '鈴木', jobtitle: '課長' });
    const third = await updateRecord(database.app, '0-1', first, { jobtitle: null });
    for (const version of [first, second, third]) {
      const { body } = await at(first.id, version.updatedAt);
      expect(body).toMatchObject({ properties: version.properties, updatedAt: version.updatedAt, archived: false });
      expect(Object.keys((body as { properties: object }).properties).sort()).toEqual(
        Object.keys(version.properties).sort(),
      );
    }
    const zoned = new Date(Date.parse(second.updatedAt) + 9 * 3_600_000).toISOString().replace('Z', '+09:00');
    expect((await at(first.id, zoned)).body).toMatchObject({ properties: { lastname: '鈴木' } });
  });

  test('was not there before it was made, and lived before it was archived', async () => {
    const record = await createRecord(database.app, '0-1', { lastname: '佐藤' });
    await archiveRecord(database.app, '0-1', record.id);
    expect((await at(record.id, '2020-01-01T00:00:00Z')).status).toBe(404);
    expect((await at(record.id, record.updatedAt)).body).toMatchObject({ archived: false });
    expect((await at(record.id)).body).toMatchObject({ archived: true });
    expect((await at(record.id, 'yesterday')).status).toBe(400);
  });
});
