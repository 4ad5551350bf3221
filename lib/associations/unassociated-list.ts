import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { limitOf, Paging } from '../core/page.ts';
import { mayAccess, requireAccess } from '../core/scopes.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { recordKey } from '../table/keys.ts';
import { unassociatedKey, unassociatedPartition, unassociatedPrefix } from '../table/policy-keys.ts';
import { activePolicy } from './policy.ts';
import { readPolicies } from './policy-store.ts';
import { After } from './schema.ts';
import { suggestFor } from './suggest.ts';

export const UnassociatedQuery = z.object({
  objectType: z.optional(z.string()),
  ownerId: z.optional(z.string().check(z.regex(/^\d{1,20}$/, 'must be the id of an owner'))),
  after: z.optional(After),
  limit: limitOf(20, 50),
});

export const UnassociatedPage = z.object({
  results: z.array(
    z.object({
      objectType: z.string(),
      recordId: z.string(),
      ownerId: z.optional(z.string()),
      createdAt: z.string(),
      /** Since when it is known to lack an association. */
      since: z.string(),
      missing: z.array(z.object({ anyOf: z.array(z.string()) })),
      suggestions: z.array(z.object({ toObjectType: z.string(), toObjectId: z.string(), reason: z.string() })),
    }),
  ),
  paging: z.optional(Paging),
});
type Result = z.input<typeof UnassociatedPage>['results'][number];

const Listed = z.object({
  recordId: z.string(),
  ownerId: z.optional(z.string()),
  since: z.string(),
  missing: z.array(z.array(z.string())),
});
type Listed = z.output<typeof Listed>;

/**
 * A page of the records of a type that lack an association which a policy asks for, by id, each with what it may belong to. The list
 * follows changes within a second. Records of types that the token may not read are not suggested.
 * @throws CrmError 400 without an object type, 403 for one that the token may not read
 */
export async function unassociatedPage(
  app: App,
  { objectType, ownerId, after, limit }: z.output<typeof UnassociatedQuery>,
): Promise<{ readonly results: Result[]; readonly after?: string }> {
  if (!objectType) {
    const message = 'objectType is required';
    throw new CrmError('VALIDATION_ERROR', message, {
      errors: [{ message, code: 'REQUIRED_FIELD', in: 'objectType' }],
    });
  }
  const { objectTypeId } = await loadObjectType(app, objectType);
  requireAccess(app, [objectTypeId], 'read');
  if (!activePolicy(await readPolicies(app), objectTypeId)) return { results: [] };
  const page = await app.table.query(
    {
      pk: unassociatedPartition(objectTypeId, ownerId),
      prefix: unassociatedPrefix,
      limit: limit + 1,
      ...(after && { startAfter: unassociatedKey(objectTypeId, after, ownerId) }),
    },
    Listed,
  );
  const rows = page.items.slice(0, limit);
  const last = rows.at(-1);
  const more = page.items.length > limit || page.lastKey !== undefined;
  return { results: await shown(app, objectTypeId, rows), ...(more && last && { after: last.recordId }) };
}

async function shown(app: App, objectType: string, rows: readonly Listed[]): Promise<Result[]> {
  const keys = rows.map(({ recordId }) => recordKey({ objectType, id: recordId }));
  const records = new Map((await app.table.getMany(keys, CrmRecord)).map((record) => [record.id, record]));
  const there = rows.flatMap((row) => {
    const record = records.get(row.recordId);
    return record && record.archivedAt === undefined ? [{ row, record, missing: row.missing }] : [];
  });
  const suggestions = await suggestFor(app, there);
  return Promise.all(
    there.map(async ({ row: { recordId, ownerId, since, missing }, record }, position) => ({
      objectType,
      recordId,
      ...(ownerId !== undefined && { ownerId }),
      createdAt: record.createdAt,
      since,
      missing: await Promise.all(missing.map((group) => namesOf(app, group))),
      suggestions: (suggestions[position] ?? []).filter(({ toObjectType }) => mayAccess(app, toObjectType, 'read')),
    })),
  );
}

const namesOf = async (app: App, group: readonly string[]) => ({
  anyOf: await Promise.all(group.map(async (type) => (await loadObjectType(app, type)).name)),
});
