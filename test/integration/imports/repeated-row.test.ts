import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { type JobMessage, workOn } from '../../../lib/jobs/work.ts';
import { createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { contactsRequest, names, startImports } from './stand.ts';

let stand: Awaited<ReturnType<typeof startImports>>;
beforeAll(async () => {
  stand = await startImports();
});
afterAll(() => stand.stop());

test('a row that changed nothing leaves an edit alone that was made before its slice came once more', async () => {
  const email = 'unchanged@example.co.jp';
  const { id } = await createRecord(stand.app, '0-1', { email, lastname: '佐藤' });
  const { body } = await stand.send(contactsRequest(names), { 'people.csv': `メール,姓\r\n${email},佐藤\r\n` });
  let edited = false;
  const kinds = jobKinds.map((kind) => ({
    ...kind,
    run: async (app: typeof stand.app, job: Parameters<typeof kind.run>[1]) => {
      const slice = await kind.run(app, job);
      if (edited || !JSON.stringify(job.cursor ?? '').includes('WRITE')) return slice;
      edited = true;
      await updateRecord(stand.app, '0-1', { id }, { lastname: '鈴木' });
      return kind.run(app, job);
    },
  }));
  for (let message = stand.waiting.shift(); message; message = stand.waiting.shift())
    await workOn(stand.app, message as JobMessage, kinds);
  expect(edited).toBe(true);
  expect((await stand.contact(email)).properties.lastname).toBe('鈴木');
  expect(await stand.get(body.id)).toMatchObject({ state: 'DONE', metadata: { counters: { TOTAL_ROWS: 1 } } });
});
