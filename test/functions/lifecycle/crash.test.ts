import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { EmailSent } from '../../../events/email.ts';
import { FormSubmitted } from '../../../events/form.ts';
import { detachAssociations } from '../../../lib/associations/detach.ts';
import { associate, listAssociated } from '../../../lib/associations/store.ts';
import { startUndo } from '../../../lib/changesets/start-undo.ts';
import { readChangeSet } from '../../../lib/changesets/store.ts';
import { envelopeOf } from '../../../lib/core/app.ts';
import { eraseReferenced } from '../../../lib/lifecycle/erase.ts';
import { restoreRecord } from '../../../lib/lifecycle/restore.ts';
import { createList } from '../../../lib/lists/change.ts';
import { changeMembers, membershipsOf } from '../../../lib/lists/members.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import { Recipient } from '../../../lib/sends/recipient.ts';
import { appendEvent } from '../../../lib/table/event-log.ts';
import {
  eventKey,
  messageKey,
  type RecordRef,
  recipientKey,
  recordKey,
  submissionKey,
  surveyAnswerKey,
} from '../../../lib/table/keys.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { dyingKinds } from '../../support/dying.ts';
import { jobDesk } from '../../support/jobs.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const desk = jobDesk(() => database);
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  const wrong = await disagreements(database);
  expect(wrong.filter(({ what }) => !what.startsWith('its size') && !what.includes('says'))).toEqual([]);
  desk.close();
  await database.close();
});

let made = 0;
function contact(properties: Record<string, string> = {}) {
  made += 1;
  return createRecord(database.app, '0-1', { email: `crash${made}@example.co.jp`, ...properties });
}
const companies = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => createRecord(database.app, '0-2', { name: `社${n}` })));
const companiesOf = async (record: RecordRef) =>
  (await listAssociated(database.app, record, '0-2', { limit: 100 })).items.map(({ to }) => to.id);
const ids = (records: readonly RecordRef[]) => records.map(({ id }) => id).toSorted();
const Row = z.looseObject({ sk: z.string() });
const typesLogged = async (record: RecordRef) =>
  (await database.app.table.all({ pk: eventKey(record, '').pk, prefix: 'event#' }, z.object({ type: z.string() }))).map(
    ({ type }) => type,
  );

/** Works on everything with processes that die ever later, before a commit or with its answer lost; says how many did. */
async function workWithDeaths(): Promise<number> {
  let deaths = 0;
  for (let round = 0; (await desk.waiting()).length > 0; round += 1) {
    await desk.drain(dyingKinds(round >> 1, round % 2 === 1)).catch(() => {
      deaths += 1;
    });
  }
  return deaths;
}

test('what hangs on a merged record is moved exactly once, wherever the mover dies, and so is the way back', async () => {
  const [one, other, firms] = [await contact(), await contact(), await companies(9)];
  for (const firm of firms) await associate(database.app, other, firm, 'default');
  const list = await createList(database.app, { name: 'crash', objectTypeId: '0-1', processingType: 'MANUAL' });
  await changeMembers(database.app, list, { add: [other.id], remove: [] });
  const { objectType } = one;
  const { changeSetId } = await mergeRecords(database.app, { objectType, primaryId: one.id, otherId: other.id });
  expect(await workWithDeaths()).toBeGreaterThan(5);
  expect(await companiesOf(one)).toEqual(ids(firms));
  expect(await companiesOf(other)).toEqual([]);
  expect(await membershipsOf(database.app, one)).toHaveLength(1);
  expect(await membershipsOf(database.app, other)).toEqual([]);
  const told = await typesLogged(one);
  expect(told.filter((type) => type === 'association.created')).toHaveLength(9);
  expect(told.filter((type) => type === 'list.member-added')).toHaveLength(1);
  expect((await readChangeSet(database.app, changeSetId)).status).toBe('COMPLETE');
  await startUndo(database.app, changeSetId);
  expect(await workWithDeaths()).toBeGreaterThan(5);
  expect(await companiesOf(one)).toEqual([]);
  expect(await companiesOf(other)).toEqual(ids(firms));
  expect((await membershipsOf(database.app, other)).map(({ listId }) => listId)).toEqual([list.listId]);
  expect(await readRecord(database.app, '0-1', other)).toMatchObject({ properties: { email: other.properties.email } });
}, 30_000);

test('the associations of a restored record come back exactly once, wherever it dies', async () => {
  const [record, firms] = [await contact(), await companies(8)];
  for (const firm of firms) await associate(database.app, record, firm, 'default');
  await archiveRecord(database.app, '0-1', record.id);
  await detachAssociations(database.app, record);
  await restoreRecord(database.app, record);
  expect(await workWithDeaths()).toBeGreaterThan(3);
  expect(await companiesOf(record)).toEqual(ids(firms));
}, 30_000);

test('an erasure that dies anywhere leaves nothing of the person, in any area', async () => {
  const [record, firms] = [await contact({ lastname: '極秘' }), await companies(3)];
  for (const firm of firms) await associate(database.app, record, firm, 'default');
  const { table } = database.app;
  const submission = await createRecord(database.app, '0-19', { hs_survey_name: '極秘の調査' });
  const address = record.properties.email ?? '';
  const now = database.app.now();
  const mail = { messageKey: 'crash-mail', to: address };
  const form = { formId: 'f', submissionId: 's', submittedAt: now, values: [] };
  const recipient = (sendId: string, state: Recipient['state']) => ({
    put: {
      ...recipientKey(record.id, sendId),
      entity: 'recipient',
      ...Recipient.parse({
        sendId,
        contactId: record.id,
        email: address,
        state,
        attempts: 0,
        leaseUntil: 0,
        source: 0,
        createdAt: now,
        updatedAt: now,
      }),
    },
  });
  await table.commit([
    { put: { ...submissionKey('f', 's'), values: '極秘' } },
    { put: { ...messageKey('crash-mail'), content: address } },
    {
      put: {
        ...surveyAnswerKey(record.id, '1', '2'),
        surveyId: '1',
        contactId: record.id,
        submissionId: submission.id,
        answeredAt: now,
        answers: '極秘',
      },
    },
    recipient('21', 'PENDING'),
    recipient('22', 'ACCEPTED'),
    appendEvent(FormSubmitted.of({ ...envelopeOf(database.app, record), ...form })),
    appendEvent(EmailSent.of({ ...envelopeOf(database.app, record), ...mail })),
  ]);
  await eraseReferenced(database.app, '0-1', { id: record.id });
  expect(await workWithDeaths()).toBeGreaterThan(5);
  const left = JSON.stringify([
    await table.all({ pk: recordKey(record).pk }, Row),
    await table.all({ pk: recordKey(submission).pk }, Row),
    await table.all({ pk: submissionKey('f', 's').pk }, Row),
    await table.all({ pk: messageKey('crash-mail').pk }, Row),
  ]);
  for (const trace of ['極秘', address]) expect(left).not.toContain(trace);
  // The ledger still adds up: what had been sent was sent, what had not is not sent any more.
  expect((await table.get(recipientKey(record.id, '21'), Recipient))?.state).toBe('CANCELLED');
  expect((await table.get(recipientKey(record.id, '22'), Recipient))?.state).toBe('ACCEPTED');
  for (const firm of firms) expect((await listAssociated(database.app, firm, '0-1', { limit: 10 })).items).toEqual([]);
  const told = await Promise.all(firms.map(typesLogged));
  expect(told.map((types) => types.filter((type) => type === 'association.removed').length)).toEqual([1, 1, 1]);
}, 30_000);

test('a merge of records with many indexed values is made at once or refused with nothing changed', async () => {
  const many = Object.fromEntries(
    [
      'firstname',
      'lastname',
      'jobtitle',
      'city',
      'zip',
      'country',
      'company',
      'website',
      'industry',
      'annualrevenue',
    ].map((name) => [name, '1']),
  );
  const [one, other] = [await contact(), await contact(many)];
  const { record } = await mergeRecords(database.app, { objectType: '0-1', primaryId: one.id, otherId: other.id });
  expect(record.properties).toMatchObject(many);
  await desk.drain();
});
