import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { associationTurnKey, nearLimitKey } from '../table/association-limit-keys.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { associationKey, associationPrefix, type Key, type RecordRef } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { type AssociationLimit, loadAssociationLimits } from './limits.ts';
import { type PairChange, StoredPair } from './pair.ts';
import type { AssociationTypes } from './type-store.ts';

const Turn = z.object({ version: z.number() });
/** From this share of a limit on, a record is listed as near it. */
export const nearShare = 0.8;
const pairsAtOnce = 500;
/** No transaction takes more away: a count that stopped so far above a limit is right about being near it. */
const mostChanges = 100;

type Side = { readonly owner: RecordRef; readonly limit: AssociationLimit; readonly delta: 1 | -1 };

/**
 * Keeps the limits of associations for the changes of one transaction. Who changes the associations of a record that a limit counts
 * takes a turn there, so that two at once cannot both take the last place; without a limit there is no read and no write.
 */
export class LimitTurns {
  private readonly app: App;
  private readonly over: 'refuse' | 'keep';
  private readonly turns = new Set<string>();
  /** What is counted after the earlier changes of the same transaction, and the step that tells of it. */
  private readonly counted = new Map<string, { usage: number; readonly step: { write: Write } }>();

  /** `over`: what comes back from the archive, or along with a merged record, is kept though it passes a limit: nothing is lost. */
  constructor(app: App, { over = 'refuse' }: { readonly over?: 'refuse' | 'keep' } = {}) {
    this.app = app;
    this.over = over;
  }

  /** The writes that go with a change. @throws CrmError 400 when it would pass a limit, unless it is kept */
  async steps(types: AssociationTypes, change: PairChange): Promise<Step[]> {
    const limits = await loadAssociationLimits(this.app);
    if (limits.length === 0) return [];
    const steps: Step[] = [];
    for (const side of sidesOf(types, change, limits)) steps.push(...(await this.sideSteps(side)));
    return steps;
  }

  private async sideSteps({ owner, limit, delta }: Side): Promise<Step[]> {
    const turn = await this.turnStep(owner, limit.toObjectType);
    const key = nearLimitKey(owner, limit.toObjectType, limit.typeId);
    const name = `${key.pk}\n${key.sk}`;
    const known = this.counted.get(name);
    const usage = (known?.usage ?? (await countAssociated(this.app, owner, limit))) + delta;
    if (this.over === 'refuse' && delta > 0 && usage > limit.maxToObjectIds) {
      // Held for seconds: a limit that was raised or taken away meanwhile must not refuse.
      const now = (await loadAssociationLimits(this.app, { fresh: true })).find((each) => sameLimit(each, limit));
      if (now?.maxToObjectIds === limit.maxToObjectIds) throw limitExceeded(owner, limit);
      return now ? [...turn, ...(await this.sideSteps({ owner, limit: now, delta }))] : turn;
    }
    const write = nearWrite(key, owner, limit, usage);
    // One row tells of all changes of the transaction: the step that is there already gets the last count.
    if (known) {
      known.usage = usage;
      known.step.write = write;
      return turn;
    }
    const step = { ...orStale(write) };
    this.counted.set(name, { usage, step });
    return [...turn, step];
  }

  private async turnStep(owner: RecordRef, toObjectType: string): Promise<Step[]> {
    const key = associationTurnKey(owner, toObjectType);
    const name = `${key.pk}\n${key.sk}`;
    if (this.turns.has(name)) return [];
    this.turns.add(name);
    const version = (await this.app.table.get(key, Turn))?.version;
    const put = { ...key, entity: 'association-turn', version: (version ?? 0) + 1 };
    return [orStale({ put, when: version === undefined ? absent : versionIs(version) })];
  }
}

const sameLimit = (one: AssociationLimit, other: AssociationLimit) =>
  one.typeId === other.typeId && one.fromObjectType === other.fromObjectType && one.toObjectType === other.toObjectType;

/** The sides of a pair on which a limit counts an association more or less. */
function sidesOf(types: AssociationTypes, change: PairChange, limits: readonly AssociationLimit[]): Side[] {
  const { from, to, before = [], after } = change;
  const side = (owner: RecordRef, other: RecordRef, was: readonly number[], is: readonly number[]) =>
    limits
      .filter(
        ({ fromObjectType, toObjectType }) => fromObjectType === owner.objectType && toObjectType === other.objectType,
      )
      .flatMap((limit): Side[] => {
        const [had, has] = [was.includes(limit.typeId), is.includes(limit.typeId)];
        return had === has ? [] : [{ owner, limit, delta: has ? 1 : -1 }];
      });
  return [...side(from, to, before, after), ...side(to, from, types.inverse(before), types.inverse(after))];
}

const nearWrite = (key: Key, owner: RecordRef, limit: AssociationLimit, usage: number): Write =>
  usage >= limit.maxToObjectIds * nearShare
    ? { put: { ...key, entity: 'near-limit', typeId: limit.typeId, id: owner.id } }
    : { remove: key };

/** How many records a limit counts for a record; from a hundred over the limit on it may stop counting. */
export async function countAssociated(app: App, owner: RecordRef, limit: AssociationLimit): Promise<number> {
  const partition = { pk: associationKey(owner, owner).pk, prefix: associationPrefix(limit.toObjectType) };
  const most = limit.maxToObjectIds + mostChanges;
  let count = 0;
  let after: string | undefined;
  do {
    const { items, lastKey } = await app.table.query(
      {
        ...partition,
        limit: Math.min(pairsAtOnce, most + 1),
        ...(after && { startAfter: associationKey(owner, { objectType: limit.toObjectType, id: after }) }),
      },
      StoredPair,
    );
    count += items.filter(({ typeIds }) => typeIds.includes(limit.typeId)).length;
    after = lastKey ? items.at(-1)?.toId : undefined;
  } while (after && count <= most);
  return count;
}

const limitExceeded = ({ objectType, id }: RecordRef, { toObjectType, typeId, maxToObjectIds }: AssociationLimit) =>
  new CrmError(
    'VALIDATION_ERROR',
    `The record ${id} of type ${objectType} has ${maxToObjectIds} associations of type ${typeId} to ${toObjectType}, which is the limit`,
    {
      subCategory: 'crm.associations.ASSOCIATION_LIMIT_EXCEEDED',
      context: { fromObjectId: [id], associationTypeId: [String(typeId)], limit: [String(maxToObjectIds)] },
    },
  );
