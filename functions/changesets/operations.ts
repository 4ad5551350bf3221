import * as z from 'zod/mini';
import { BulkEditInput } from '../../lib/changesets/bulk-edit.ts';
import { ChangeSetView, PublicChangeSet } from '../../lib/changesets/public.ts';
import { ChangeSetKind } from '../../lib/changesets/schema.ts';
import { operations } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';

const path = z.object({ changeSetId: z.string() });
const scope = 'changesets';

export const changesets = operations('changesets', {
  list: {
    route: 'GET /changesets/v1',
    summary: 'Changes that were made together (imports, bulk edits, fixes, merges, undos), newest first',
    scope,
    query: z.object({
      kind: z.optional(ChangeSetKind),
      after: z.optional(cursor),
      limit: limitOf(50, 100),
    }),
    status: 200,
    output: z.object({ results: z.array(PublicChangeSet), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  get: {
    route: 'GET /changesets/v1/{changeSetId}',
    summary: 'A change set: what it changed, row by row, and what its undo left alone',
    scope,
    path,
    query: z.object({ after: z.optional(cursor), limit: limitOf(100, 100) }),
    status: 200,
    output: ChangeSetView,
    uses: ['table:read'],
  },
  undo: {
    route: 'POST /changesets/v1/{changeSetId}/undo',
    summary: 'Take a change set back; what was changed since is left alone and listed',
    scope,
    path,
    status: 202,
    output: z.object({ jobId: z.string(), changeSetId: z.string() }),
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  bulkEdit: {
    route: 'POST /changesets/v1/bulk-edits',
    summary: 'Give the same values to many records, as one change set',
    scope,
    body: BulkEditInput,
    status: 202,
    output: z.object({ jobId: z.string(), changeSetId: z.string() }),
    uses: ['table:read', 'table:write', 'queue:jobs'],
    timeoutSeconds: 20,
  },
});
