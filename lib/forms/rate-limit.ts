import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { rateKey } from '../table/keys.ts';
import type { FormDefinition } from './schema.ts';

/** Submissions a minute, where the form's `configuration.submissionLimits` says nothing else. */
const usualLimits = { perIpPerMinute: 300, perFormPerMinute: 3000 } as const;

const minuteMs = 60_000;

/**
 * Counts a submission of this minute. `ipHash` is absent for a server that hands on what many visitors sent.
 * @throws CrmError 429 with the seconds until the next minute when there were too many.
 */
export async function countSubmission(app: App, form: FormDefinition, ipHash: string | undefined): Promise<void> {
  const limits = { ...usualLimits, ...form.configuration.submissionLimits };
  const now = app.now();
  const next = (Math.floor(Date.parse(now) / minuteMs) + 1) * minuteMs;
  const count = (scope: string) => app.table.count(rateKey(scope, now.slice(0, 16)), Math.ceil(next / 1000) + 60);
  const [ofForm, ofIp] = await Promise.all([
    count(`form#${form.id}`),
    ipHash === undefined ? 0 : count(`form#${form.id}#${ipHash}`),
  ]);
  if (ofForm <= limits.perFormPerMinute && ofIp <= limits.perIpPerMinute) return;
  throw new CrmError('RATE_LIMITS', 'You have reached your minutely limit.', {
    retryAfter: Math.max(1, Math.ceil((next - Date.parse(now)) / 1000)),
    extra: { errorType: 'RATE_LIMIT', policyName: 'MINUTELY' },
  });
}
