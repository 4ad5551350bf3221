import { workers } from '../../lib/core/operation.ts';

export const emailsWorkers = workers('emails', {
  settle: {
    summary: "SES's events → the ledger of messages and the logs of contacts, each once",
    uses: ['table:read', 'table:write'],
    timeoutSeconds: 30,
  },
});
