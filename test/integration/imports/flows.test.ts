import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { EventDetail } from '../../../events/define.ts';
import { enroll } from '../../../lib/flows/enroll.ts';
import { eventKey, eventPrefix, runPartition, runPrefix } from '../../../lib/table/keys.ts';
import { contactsRequest, names, startImports } from './stand.ts';

let stand: Awaited<ReturnType<typeof startImports>>;
let flowId: string;
const flow = {
  type: 'CONTACT_FLOW',
  flowType: 'WORKFLOW',
  name: '新しい顧客',
  isEnabled: true,
  objectTypeId: '0-1',
  startActionId: '1',
  actions: [
    {
      type: 'SINGLE_CONNECTION',
      actionId: '1',
      actionTypeId: '1-179507819',
      actionTypeVersion: 0,
      fields: { text: '来た' },
    },
  ],
  enrollmentCriteria: {
    type: 'EVENT_BASED',
    shouldReEnroll: false,
    eventFilterBranches: [{ eventTypeId: '4-1463224', filters: [] }],
  },
};
beforeAll(async () => {
  stand = await startImports();
  const { status, body } = await stand.request('flows/create', { body: flow });
  expect(status).toBe(201);
  flowId = String(body.id);
});
afterAll(() => stand.stop());

const Logged = z.object({ type: z.string(), detail: EventDetail });
const Run = z.object({ sk: z.string() });

/** Imports new contacts, tells enrolment of what the log then says of the first, and counts the runs of the flow. */
async function imported(word: string, runWorkflows: string, rows: number) {
  const lines = Array.from({ length: rows }, (_, n) => `${word}${n}@example.co.jp,佐藤`);
  const { body } = await stand.send(contactsRequest(names, { runWorkflows }), {
    'people.csv': `${['メール,姓', ...lines].join('\r\n')}\r\n`,
  });
  await stand.drain();
  const { id } = await stand.contact(`${word}0@example.co.jp`);
  const contact = { objectType: '0-1', id };
  const log = await stand.app.table.all({ pk: eventKey(contact, '').pk, prefix: eventPrefix }, Logged);
  const runs = async () => (await stand.app.table.all({ pk: runPartition(flowId), prefix: runPrefix }, Run)).length;
  const before = await runs();
  for (const { type, detail } of log) await enroll(stand.app, { 'detail-type': type, source: 'tsunagi', detail });
  return { answer: await stand.get(body.id), started: (await runs()) - before };
}

test('an import starts flows, leaves them out, or says how many runs it would have started', async () => {
  expect(await imported('run', 'RUN', 2)).toMatchObject({ started: 1 });
  expect(await imported('none', 'NONE', 2)).toMatchObject({ started: 0 });
  expect(await imported('simulate', 'SIMULATE', 3)).toMatchObject({
    started: 0,
    answer: { simulatedRuns: { [flowId]: 3 } },
  });
});
