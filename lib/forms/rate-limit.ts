import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { rateKey } from '../table/keys.ts';
import type { FormDefinition } from './schema.ts';

/** Submissions a minute, where the form's `configuration.submissionLimits` says nothing else. */
const usualLimits = { perIpPerMinute: 300, perFormPerMinute: 3000 } as const;

const minuteMs = 60_000;

/** How often something may happen in a minute. */
type Limit = { readonly scope: string; readonly most: number };

/** Counts for each scope what happens in this minute. @throws CrmError 429 with the seconds until the next minute when one was passed */
export async function refuseBeyond(app: App, limits: readonly Limit[]): Promise<void> {
  const now = app.now();
  const next = (Math.floor(Date.parse(now) / minuteMs) + 1) * minuteMs;
  const counts = await Promise.all(
    limits.map(({ scope }) => app.table.count(rateKey(scope, now.slice(0, 16)), Math.ceil(next / 1000) + 60)),
  );
  if (limits.every(({ most }, position) => (counts[position] ?? 0) <= most)) return;
  throw new CrmError('RATE_LIMITS', 'You have reached your minutely limit.', {
    retryAfter: Math.max(1, Math.ceil((next - Date.parse(now)) / 1000)),
    extra: { errorType: 'RATE_LIMIT', policyName: 'MINUTELY' },
  });
}

/**
 * Counts a submission of this minute. `ipHash` is absent for a server that hands on what many visitors sent.
 * @throws CrmError 429 with the seconds until the next minute when there were too many.
 */
export function countSubmission(app: App, form: FormDefinition, ipHash: string | undefined): Promise<void> {
  const { perFormPerMinute, perIpPerMinute } = { ...usualLimits, ...form.configuration.submissionLimits };
  return refuseBeyond(app, [
    { scope: `form#${form.id}`, most: perFormPerMinute },
    ...(ipHash === undefined ? [] : [{ scope: `form#${form.id}#${ipHash}`, most: perIpPerMinute }]),
  ]);
}
