import { randomInt } from 'node:crypto';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absent, attributes, type Condition } from '../table/conditions.ts';
import { inParallel } from '../table/in-parallel.ts';
import {
  recipientKey,
  recipientListing,
  sendCountKey,
  sendCountPrefix,
  sendCountShards,
  sendPartition,
} from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { ConditionFailed } from '../table/table.ts';
import type { Item, Write } from '../table/write.ts';
import { actedOn, type Change, type Counts, type ListedState, listedAs, Recipient, sumOf } from './recipient.ts';

/** The write of one row's change; it holds while the row is as it was read. */
function changeWrite({ before, after }: Change, also: Readonly<Item> = {}): Write {
  const { contactId, sendId } = after;
  const key = recipientKey(contactId, sendId);
  const item = { ...after, gsi1pk: recipientListing(sendId, listedAs(after.state)) };
  if (!before) return { put: { ...key, entity: 'recipient', gsi1sk: contactId, ...item }, when: absent };
  const changed = Object.entries(item).filter(([name, value]) => value !== before[name as keyof Recipient]);
  const set = Object.fromEntries(changed.filter(([, value]) => value !== undefined));
  const unset = changed.flatMap(([name, value]) => (value === undefined ? [name] : []));
  return { update: key, set: { ...set, gsi1pk: item.gsi1pk }, unset, when: unchanged(before, also) };
}

const unchanged = ({ state, attempts }: Recipient, also: Readonly<Item>): Condition =>
  attributes({ state, attempts, ...also });

/**
 * Adds to the totals of a send. Any of the rows takes it: the totals hold by their sum, and two writers seldom meet at one row. In the
 * transaction of what it counts, so that at every moment recipients = accepted + failed + pending + cancelled.
 */
export const countWrite = (sendId: string, counts: Counts): Write => ({
  update: sendCountKey(sendId, randomInt(sendCountShards)),
  add: counts as Record<string, number>,
});

const perTransaction = 50;
const transactionsAtOnce = 4;

/** A change that was refused because the row is not as it was read, with the row as it is. */
export type RefusedChange = { readonly change: Change; readonly stored: Recipient | undefined };

/** Commits the changes of a send's rows with what they count, many to a transaction. Returns those that came too late; the others hold. */
export async function commitChanges(app: App, sendId: string, changes: readonly Change[]): Promise<RefusedChange[]> {
  const chunks: Change[][] = [];
  for (let start = 0; start < changes.length; start += perTransaction)
    chunks.push(changes.slice(start, start + perTransaction));
  return (await inParallel(chunks, transactionsAtOnce, (chunk) => commitChunk(app, sendId, chunk))).flat();
}

async function commitChunk(app: App, sendId: string, changes: readonly Change[]): Promise<RefusedChange[]> {
  const refused: RefusedChange[] = [];
  let left = changes;
  while (left.length > 0) {
    try {
      await app.table.commit(changeWrites(sendId, left));
      return refused;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      refused.push(...left.flatMap((change, position) => tooLate(change, error.at(position))));
      left = left.filter((_, position) => !error.at(position));
    }
  }
  return refused;
}

/** The writes of some changes of a send's rows, and of what they count: the rows first. */
export function changeWrites(sendId: string, changes: readonly Change[]): Write[] {
  const counts = sumOf(changes.map((change) => change.counts));
  const totals = Object.keys(counts).length > 0 ? [countWrite(sendId, counts)] : [];
  return [...changes.map((change) => changeWrite(change)), ...totals];
}

const tooLate = (change: Change, failed: { readonly item?: Item } | undefined): RefusedChange[] =>
  failed ? [{ change, stored: failed.item && Recipient.parse(failed.item) }] : [];

/** The rows of these contacts; contacts that the send does not go to are left out. */
export const recipientsOf = (app: App, sendId: string, contactIds: readonly string[]): Promise<Recipient[]> =>
  app.table.getMany(
    contactIds.map((contactId) => recipientKey(contactId, sendId)),
    Recipient,
  );

export const findRecipient = (app: App, contactId: string, sendId: string): Promise<Recipient | undefined> =>
  app.table.get(recipientKey(contactId, sendId), Recipient);

/** A page of the rows that are listed under a state, by contact id. Rows that changed a moment ago may be missing, or still be there. */
export async function listedRecipients(
  app: App,
  sendId: string,
  state: ListedState,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ readonly rows: readonly Recipient[]; readonly more: boolean }> {
  const pk = recipientListing(sendId, state);
  const startAfter = after && { startAfter: { ...recipientKey(after, sendId), gsi1pk: pk, gsi1sk: after } };
  const { items, lastKey } = await app.table.query({ pk, index: 'gsi1', limit, ...startAfter }, Recipient);
  return { rows: items, more: lastKey !== undefined };
}

const CountRow = z.catchall(z.object({ pk: z.string(), sk: z.string() }), z.number());

/** The totals of a send: one query. */
export async function totalsOf(app: App, sendId: string): Promise<Readonly<Record<string, number>>> {
  const rows = await app.table.all({ pk: sendPartition(sendId), prefix: sendCountPrefix }, CountRow);
  const counts = rows.map(({ pk: _, sk: __, ...row }) => row as Record<string, number>);
  return sumOf(counts) as Record<string, number>;
}

/** Two writes that store a change and count it, for a transaction of the caller. */
export const changeSteps = (change: Change, also: Readonly<Item> = {}): Step[] => [
  orStale(changeWrite(change, also)),
  ...(Object.keys(change.counts).length > 0 ? [orStale(countWrite(change.after.sendId, change.counts))] : []),
];

/**
 * Marks a recipient's row as answered and counts it, the first time only: steps for the transaction of the answer (within `contend`, a row
 * that changes meanwhile is read anew). None when the send, or its row, does not exist.
 */
export const answeredSteps = (
  app: App,
  { sendId, contactId }: { readonly sendId: string; readonly contactId: string },
): Promise<Step[]> => actedOnSteps(app, { sendId, contactId }, 'answeredAt');

/** The same for any act of the person. */
export async function actedOnSteps(
  app: App,
  { sendId, contactId }: { readonly sendId: string; readonly contactId: string },
  moment: 'answeredAt' | 'unsubscribedAt',
): Promise<Step[]> {
  const row = await findRecipient(app, contactId, sendId);
  return row && !row[moment] ? changeSteps(actedOn(row, moment, app.now()), { [moment]: undefined }) : [];
}
