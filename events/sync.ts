import * as z from 'zod/mini';
import { defineEvent, Explain } from './define.ts';

/** A record's values were written to Salesforce; `explain` says for each property why. */
export const SyncPushed = defineEvent('sync.pushed', 1, {
  sobject: z.string(),
  salesforceId: z.string(),
  /** The sync made the record there, instead of changing it. */
  created: z.boolean(),
  explain: Explain,
});

/** A record was refused by one side of the sync; it is tried again, and told once for each new reason. */
export const SyncFailed = defineEvent('sync.failed', 1, {
  category: z.string(),
  code: z.string(),
  message: z.string(),
  salesforceId: z.nullable(z.string()),
});
