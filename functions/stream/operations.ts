import { workers } from '../../lib/core/operation.ts';

export const streamWorkers = workers('stream', {
  publish: {
    summary: 'Event items of the table → EventBridge, at least once',
    uses: ['bus:publish'],
    timeoutSeconds: 30,
  },
  project: {
    summary:
      'Event items → read models (counts, members of lists, survey results, reports, text index, findings), each event exactly once',
    uses: ['table:read', 'table:write', 'queue:jobs'],
    timeoutSeconds: 60,
  },
});
