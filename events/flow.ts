import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

/** A run of a flow came to its end; the envelope names the enrolled record. */
export const FlowRunFinished = defineEvent('flow.run-finished', 1, {
  flowId: z.string(),
  runId: z.string(),
  status: z.enum(['COMPLETED', 'FAILED', 'STOPPED']),
  error: z.optional(z.string()),
});
