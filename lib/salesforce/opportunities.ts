import * as z from 'zod/mini';
import { CrmError } from '../core/errors.ts';
import { updateRecord } from '../objects/store.ts';
import { commitGroups } from '../table/groups.ts';
import { inParallel } from '../table/in-parallel.ts';
import { salesforceRolesKey, salesforceRolesPartition, salesforceShards } from '../table/keys.ts';
import { orStale } from '../table/steps.ts';
import type { Row } from './client.ts';
import { readLinks } from './link.ts';
import { fullId } from './salesforce-id.ts';
import { contactType } from './schema.ts';
import { inQueries } from './soql.ts';
import { includedOf, refuse, type Sync } from './sync.ts';

type Stage = 'opportunity' | 'customer';

export const roleFields = [
  'Id',
  'SystemModstamp',
  'IsDeleted',
  'ContactId',
  'OpportunityId',
  'Opportunity.IsClosed',
  'Opportunity.IsWon',
];
export const opportunityFields = ['Id', 'SystemModstamp', 'IsDeleted', 'IsClosed', 'IsWon'];

const Role = z.looseObject({
  ContactId: z.nullable(z.string()),
  IsDeleted: z.optional(z.boolean()),
  Opportunity: z.nullable(z.looseObject({ IsClosed: z.boolean(), IsWon: z.boolean() })),
});

/** An open opportunity makes its people opportunities, a won one customers; a lost one says nothing. */
const stageOf = ({ IsClosed, IsWon }: Readonly<Record<string, unknown>>): Stage | undefined =>
  IsWon === true ? 'customer' : IsClosed === true ? undefined : 'opportunity';

/** Opportunities that changed: their contact roles tell whom it concerns. Without a role an opportunity has no effect. */
export async function applyOpportunities(sync: Sync, rows: readonly Row[]): Promise<void> {
  const telling = rows.filter((row) => row.IsDeleted !== true && stageOf(row));
  await applyRoles(
    sync,
    await rolesWhere(
      sync,
      'OpportunityId',
      telling.map(({ Id }) => Id),
    ),
  );
}

async function rolesWhere({ client }: Sync, field: string, ids: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  const queries = inQueries(
    ids,
    (list) => `SELECT ${roleFields.join(', ')} FROM OpportunityContactRole WHERE ${field} IN (${list})`,
  );
  for (const soql of queries) rows.push(...(await client.query(soql)));
  return rows;
}

/** Moves the linked contacts of roles forward in their lifecycle, never back (the rule of the stage itself sees to that). */
export async function applyRoles(sync: Sync, rows: readonly Row[]): Promise<void> {
  const stages = new Map<string, Stage>();
  for (const row of rows) {
    const { ContactId, IsDeleted, Opportunity } = Role.parse(row);
    const stage = IsDeleted || !Opportunity ? undefined : stageOf(Opportunity);
    if (!stage || !ContactId || !sync.settings.stages[stage]) continue;
    const id = fullId(ContactId);
    if (stages.get(id) !== 'customer') stages.set(id, stage);
  }
  const links = [...(await readLinks(sync.app, [...stages.keys()])).values()];
  const included = await includedOf(
    sync,
    links.map(({ recordId }) => recordId),
  );
  await inParallel(links, 4, async ({ recordId, salesforceId, sobject }) => {
    const stage = stages.get(salesforceId);
    if (stage && included.has(recordId)) await moveTo(sync, stage, { recordId, salesforceId, sobject });
  });
}

async function moveTo(
  sync: Sync,
  stage: Stage,
  person: { readonly recordId: string; readonly salesforceId: string; readonly sobject: string },
): Promise<void> {
  const winner = { side: 'salesforce' as const, value: stage };
  const explain = {
    lifecyclestage: { rule: 'opportunity_role', winner, loser: { side: 'tsunagi' as const, value: null } },
  };
  try {
    const began = sync.app.now();
    const moved = await updateRecord(
      sync.app,
      contactType,
      { id: person.recordId },
      { lifecyclestage: stage },
      { explain },
    );
    if (moved.updatedAt >= began) sync.counts.pulled += 1;
  } catch (error) {
    if (!(error instanceof CrmError) || error.status >= 500) throw error;
    if (error.category === 'OBJECT_NOT_FOUND') return;
    await refuse(sync, { category: 'PROPERTY_VALUES', code: error.category, message: error.message, ...person });
  }
}

const Pending = z.object({ salesforceId: z.string() });
const pendingAtOnce = 500;

/** Contacts that were linked a moment ago may have roles since long, which no change will tell of. */
export async function applyOldRoles(sync: Sync): Promise<void> {
  for (let shard = 0; shard < salesforceShards; shard += 1) {
    for (;;) {
      const page = await sync.app.table.query({ pk: salesforceRolesPartition(shard), limit: pendingAtOnce }, Pending);
      if (page.items.length === 0) break;
      const ids = page.items.map(({ salesforceId }) => salesforceId);
      await applyRoles(sync, await rolesWhere(sync, 'ContactId', ids));
      const outcomes = await commitGroups(
        sync.app.table,
        ids.map((id) => [orStale({ remove: salesforceRolesKey(id) })]),
      );
      const failed = outcomes.find(Boolean);
      if (failed) throw failed;
    }
  }
}
