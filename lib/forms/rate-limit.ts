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

const limitsOf = (form: FormDefinition) => ({ ...usualLimits, ...form.configuration.submissionLimits });

/** Counts what comes from one address in this minute, whatever it is worth. @throws CrmError 429 when there was too much */
export const countVisitor = (app: App, form: FormDefinition, ipHash: string): Promise<void> =>
  refuseBeyond(app, [{ scope: `form#${form.id}#${ipHash}`, most: limitsOf(form).perIpPerMinute }]);

/**
 * Counts a submission of this minute that passed the checks, so that one address and its junk do not close the form for the others.
 * @throws CrmError 429 when there were too many
 */
export const countSubmission = (app: App, form: FormDefinition): Promise<void> =>
  refuseBeyond(app, [{ scope: `form#${form.id}`, most: limitsOf(form).perFormPerMinute }]);
