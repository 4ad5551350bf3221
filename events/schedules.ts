/** Workers that a clock starts. `expression` is EventBridge's: `rate(…)` or `cron(…)`, in UTC. */
export type Schedule = { readonly worker: string; readonly expression: string };

export const schedules = [
  { worker: 'jobs/sweep', expression: 'rate(1 minute)' },
  { worker: 'objects/purge', expression: 'cron(20 18 * * ? *)' },
  { worker: 'salesforce/reconcile', expression: 'rate(5 minutes)' },
] as const satisfies readonly Schedule[];
