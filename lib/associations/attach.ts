import type { App } from '../core/app.ts';
import { attributes } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { detachedKey, type RecordRef, recordKey } from '../table/keys.ts';
import { everyDetached } from '../table/lifecycle-keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { typesOfPairs } from './detach.ts';
import { joinSteps } from './join.ts';
import { LimitTurns } from './limit-turns.ts';
import { whereIs } from './live-record.ts';
import { StoredPair } from './pair.ts';

export type Attached = { readonly processed: number; readonly after?: string };

/**
 * Brings some of a restored record's associations back, those whose other record lives. The others stay where they are: whichever of the
 * two is restored last brings the pair back, also over a limit of associations. An end that was merged meanwhile counts as the record that it was merged into. Safe to
 * repeat; `after` says where to go on.
 */
export async function attachSome(
  app: App,
  record: RecordRef,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<Attached> {
  const { pk } = recordKey(record);
  const page = await app.table.query(
    { pk, prefix: everyDetached, limit, ...(after && { startAfter: { pk, sk: after } }) },
    StoredPair,
  );
  for (const pair of page.items) await contend(() => attachPair(app, pair));
  const last = page.items.at(-1);
  return {
    processed: page.items.length,
    ...(page.lastKey && last && { after: detachedKey(record, otherOf(last)).sk }),
  };
}

/** The same for all of them, however many. */
export async function attachAll(app: App, record: RecordRef): Promise<void> {
  let after: string | undefined;
  do after = (await attachSome(app, record, { limit: 50, after })).after;
  while (after !== undefined);
}

const otherOf = ({ toObjectType, toId }: StoredPair): RecordRef => ({ objectType: toObjectType, id: toId });

async function attachPair(app: App, listed: StoredPair): Promise<void> {
  const own = { objectType: listed.objectType, id: listed.id };
  const other = otherOf(listed);
  const pair = await app.table.get(detachedKey(own, other), StoredPair);
  if (!pair) return;
  const [from, to] = [await whereIs(app, own), await whereIs(app, other)];
  if (from.state === 'ARCHIVED' || to.state === 'ARCHIVED') return;
  const together = from.ref.id === to.ref.id && from.ref.objectType === to.ref.objectType;
  const lost = together || from.state === 'GONE' || to.state === 'GONE';
  const types = await typesOfPairs(app, [pair]);
  const joining = { from: from.ref, to: to.ref, typeIds: pair.typeIds, restored: true };
  const turns = new LimitTurns(app, { over: 'keep' });
  const joined = lost ? [] : await joinSteps(app, types, { ...joining, turns });
  await commitOrThrow(app.table, [...forgetSteps(own, other, pair.typeIds), ...joined]);
}

const forgetSteps = (own: RecordRef, other: RecordRef, typeIds: readonly number[]): Step[] => [
  orStale({ remove: detachedKey(own, other), when: attributes({ typeIds: [...typeIds] }) }),
  orStale({ remove: detachedKey(other, own) }),
];
