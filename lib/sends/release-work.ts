import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { dispatchOf } from './control.ts';
import { commitChanges, listedRecipients } from './ledger.ts';
import { released } from './recipient.ts';
import { releaseKind } from './release.ts';
import { readSend } from './send-store.ts';

const rowsPerSlice = 200;
const silentMs = 24 * 3_600_000;

/** Lets mails that were silent for a day wait for the workers again, and brings them. A row that SES tells of meanwhile stays as that says. */
export const releaseWork = defineJob({
  kind: releaseKind,
  input: z.object({ sendId: z.string() }),
  cursor: z.object({ after: z.string() }),
  slice: async (app, { input, cursor }) => {
    const send = await readSend(app, input.sendId);
    if (send.status !== 'CONFIRMED') return { done: true, processed: 0 };
    const { rows, more } = await listedRecipients(app, send.id, 'UNKNOWN', {
      after: cursor?.after,
      limit: rowsPerSlice,
    });
    const now = app.now();
    const isSilent = (updatedAt: string) => Date.parse(updatedAt) <= Date.parse(now) - silentMs;
    const silent = rows.filter(({ state, updatedAt }) => state === 'UNKNOWN' && isSilent(updatedAt));
    const changes = silent.map((row) => released(row, now));
    const tooLate = await commitChanges(app, send.id, changes);
    const slice = { processed: rows.length, counts: { released: changes.length - tooLate.length } };
    const last = rows.at(-1);
    if (more && last) return { ...slice, done: false, cursor: { after: last.contactId } };
    return { ...slice, done: true, also: (await dispatchOf(app, send)).writes };
  },
});
