import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicRecord, RecordPath } from '../../lib/objects/schema.ts';
import { PublicActivity } from '../../lib/timeline/activity-entry.ts';
import { PublicEntry } from '../../lib/timeline/event-entry.ts';
import { PublicExplanation } from '../../lib/timeline/explain.ts';

const reads = {
  scope: 'crm.objects.{objectType}.read',
  uses: ['table:read'],
  status: 200,
  timeoutSeconds: 28,
} as const;
const language = z._default(z.enum(['ja', 'en']), 'ja');
const page = { after: z.optional(cursor), limit: limitOf(50, 100) };

/** A moment in any zone, as the table writes moments. */
const Moment = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((text) => new Date(text).toISOString()),
);

export const timeline = operations('timeline', {
  list: {
    ...reads,
    route: 'GET /crm/v1/objects/{objectType}/{objectId}/timeline',
    summary: 'What happened with a record and those associated with it, newest first',
    path: RecordPath,
    query: z.object({
      ...page,
      kinds: z.optional(z.string()),
      language,
    }),
    output: z.object({ results: z.array(PublicEntry), paging: z.optional(Paging) }),
  },
  explain: {
    ...reads,
    route: 'GET /crm/v1/objects/{objectType}/{objectId}/properties/{propertyName}/explain',
    summary: 'Every change of a property: who, why, and what lost',
    path: z.extend(RecordPath, { propertyName: z.string() }),
    query: z.object(page),
    output: z.object({ results: z.array(PublicExplanation), paging: z.optional(Paging) }),
  },
  asOf: {
    ...reads,
    route: 'GET /crm/v1/objects/{objectType}/{objectId}',
    summary: 'A record as it was at a moment',
    path: RecordPath,
    query: z.object({ asOf: z.optional(Moment) }),
    output: z.extend(PublicRecord, { asOf: z.optional(z.string()) }),
  },
  listActivity: {
    ...reads,
    route: 'GET /activity/v1/events',
    summary: 'What people did, newest first; the last seven days unless a range is given',
    scope: 'activity.read',
    query: z.object({
      ...page,
      actor: z.optional(z.string()),
      objectType: z.optional(z.string()),
      from: z.optional(Moment),
      to: z.optional(Moment),
      language,
    }),
    output: z.object({ results: z.array(PublicActivity), paging: z.optional(Paging) }),
  },
});
