import { activePolicy } from '../associations/policy.ts';
import { readPolicies } from '../associations/policy-store.ts';
import { listingKeys, missingOf, UnassociatedState } from '../associations/unassociated.ts';
import { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { unassociatedStateKey } from '../table/policy-keys.ts';
import { type Check, itemsAt, nameOf, type Problem, type Stored } from './check.ts';

const check = 'unassociated';
const readsAtOnce = 8;

/** Every record that lacks what a policy asks for is listed, with what it lacks and under its owner; no other one is said to lack it. */
const listed: Check = {
  entity: 'record',
  examine: async (app, items) => {
    const policies = await readPolicies(app);
    const records = items.map((item) => CrmRecord.parse(item));
    const states = await itemsAt(app, records.map(unassociatedStateKey));
    const lacking = await inParallel(records, readsAtOnce, async (record) => ({
      record,
      state: states.get(nameOf(unassociatedStateKey(record))),
      missing: await missingOf(app, record, activePolicy(policies, record.objectType)),
    }));
    const rows = await itemsAt(
      app,
      lacking.flatMap(({ record }) => listingKeys(record, ownerOf(record))),
    );
    return lacking.flatMap(({ record, state, missing }): Problem[] => {
      const keys = listingKeys(record, ownerOf(record)).map(nameOf);
      const what = problemOf(
        missing,
        state,
        keys.map((key) => rows.get(key)),
      );
      return what ? [{ check, key: nameOf(unassociatedStateKey(record)), what }] : [];
    });
  },
};

const ownerOf = ({ properties }: CrmRecord) => properties.hubspot_owner_id || undefined;

function problemOf(
  missing: readonly (readonly string[])[],
  state: Stored | undefined,
  rows: readonly (Stored | undefined)[],
): string | undefined {
  const said = state ? UnassociatedState.parse(state).missing : [];
  if (JSON.stringify(said) !== JSON.stringify(missing))
    return missing.length > 0 ? 'lacks an association and does not say so' : 'is said to lack what it has';
  if (missing.length === 0) return undefined;
  const complete = rows.every((row) => row && JSON.stringify(row.missing) === JSON.stringify(missing));
  return complete ? undefined : 'lacks an association and is not listed so';
}

/** Every row of the list is one that its record's state knows of. */
const known: Check = {
  entity: 'unassociated',
  examine: async (app, items) => {
    const rows = items.map((item) => ({
      item,
      ref: { objectType: item.pk.split('#')[1] ?? '', id: String(item.recordId) },
    }));
    const stored = await itemsAt(
      app,
      rows.flatMap(({ ref }) => [unassociatedStateKey(ref), recordKey(ref)]),
    );
    return rows.flatMap(({ item, ref }): Problem[] => {
      if (!stored.has(nameOf(recordKey(ref)))) return [{ check, key: nameOf(item), what: 'its record is gone' }];
      const state = stored.get(nameOf(unassociatedStateKey(ref)));
      const { since, ownerId } = state ? UnassociatedState.parse(state) : {};
      const places = since === undefined ? [] : listingKeys(ref, ownerId).map(nameOf);
      return places.includes(nameOf(item))
        ? []
        : [{ check, key: nameOf(item), what: 'its record does not know of it' }];
    });
  },
};

export const unassociatedChecks: readonly Check[] = [listed, known];
