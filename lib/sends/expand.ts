import * as z from 'zod/mini';
import { send as enqueue } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { attributes } from '../table/conditions.ts';
import { sendKey } from '../table/keys.ts';
import { AudiencePlace, audiencePage, screen } from './audience.ts';
import { dispatchOf } from './control.ts';
import { followUpAt } from './dispatch.ts';
import { commitChanges, countWrite, totalsOf } from './ledger.ts';
import { enlisted, sumOf } from './recipient.ts';
import type { Exclusion, Send } from './schema.ts';
import { readSend } from './send-store.ts';

const contactsPerSlice = 200;

/**
 * Turns the audience into recipients: a ledger row for each, then a message to the workers for each. A slice that is repeated finds its
 * rows there and sends their messages again; the rows see to it that each mail goes out once.
 */
export const expandSend = defineJob({
  kind: 'send-expand',
  input: z.object({ sendId: z.string() }),
  cursor: AudiencePlace,
  slice: async (app, { input, cursor = { source: 0 } }) => {
    const send = await readSend(app, input.sendId);
    if (send.status === 'CANCELLED') return { done: true, processed: 0, also: (await dispatchOf(app, send)).writes };
    const page = await audiencePage(app, send, cursor, contactsPerSlice);
    const { chosen, excluded } = await screen(app, send, page.contactIds);
    const { waiting, duplicates } = await enlist(app, send, page.source, chosen);
    await enqueue(
      'bulk-mail',
      waiting.map((contactId) => ({ sendId: send.id, contactId })),
    );
    const counts = countsOf([...excluded, ...duplicates]);
    const also = Object.keys(counts).length > 0 ? [countWrite(send.id, counts)] : [];
    const slice = { processed: page.contactIds.length, counts: { recipients: waiting.length, ...counts } };
    if (page.next) return { ...slice, done: false, cursor: page.next, also };
    return { ...slice, done: true, also: [...also, ...(await afterAll(app, send))] };
  },
});

const countsOf = (reasons: readonly Exclusion[]) =>
  sumOf(reasons.map((reason) => ({ [reason]: 1 }))) as Record<string, number>;

/** Who is on the ledger by this part of the audience and not sent to yet; who is there by an earlier part is a duplicate. */
async function enlist(
  app: App,
  send: Send,
  source: number,
  chosen: readonly { readonly contactId: string; readonly email: string }[],
) {
  const now = app.now();
  const changes = chosen.map((person) => enlisted({ sendId: send.id, source, ...person }, now));
  const refused = await commitChanges(app, send.id, changes);
  const there = new Map(refused.map(({ change, stored }) => [change.after.contactId, stored]));
  const waiting = chosen.flatMap(({ contactId }) => {
    const stored = there.get(contactId);
    return !stored || (stored.source === source && stored.state === 'PENDING') ? [contactId] : [];
  });
  const duplicates = [...there.values()].filter((stored) => stored && stored.source !== source);
  return { waiting, duplicates: duplicates.map((): Exclusion => 'DUPLICATE') };
}

/** All are recipients; what is left behind (a lost message, a worker that died) is looked after by a follow-up. */
async function afterAll(app: App, send: Send) {
  const at = followUpAt(app.now(), await totalsOf(app, send.id));
  const { writes } = await dispatchOf(app, send, at);
  return [{ update: sendKey(send.id), set: { expandedAt: app.now() }, when: attributes({ id: send.id }) }, ...writes];
}
