import type { MailKind } from './recipient.ts';
import type { FatiguePolicy } from './settings.ts';

/** Which rule of the policy keeps a mail back. */
export type FatigueRule = 'PER_PERSON' | 'PER_ADVERTISER' | 'MAILS_PER_WEEK' | 'OPEN_TICKET';

/** Why somebody gets no mail now; `until` is when the rule lets the next one through, if that is a matter of time. */
export type Fatigue = { readonly reason: 'FATIGUE'; readonly rule: FatigueRule; readonly until?: string };

/** A mail that somebody got, or that is on its way. */
export type Mailed = {
  readonly kind: MailKind;
  readonly at: string /** Of a send, not of a flow. */;
  readonly bulk: boolean;
};

const dayMs = 86_400_000;
const weekDays = 7;

type Limit = { readonly most: number; readonly days: number };

/** When one more is within the limit again; undefined when it is now. */
export function limitedUntil(times: readonly string[], { most, days }: Limit, now: string): string | undefined {
  const since = new Date(Date.parse(now) - days * dayMs).toISOString();
  const counted = times.filter((at) => at > since).toSorted();
  const freeing = counted[counted.length - most];
  return freeing === undefined ? undefined : new Date(Date.parse(freeing) + days * dayMs).toISOString();
}

/** What is known of a person, and of the advertisers they belong to. */
export type Borne = {
  readonly mails: readonly Mailed[];
  /** When surveys went to the people of each of the person's advertisers. */
  readonly advertisers: readonly (readonly string[])[];
  readonly hasOpenTicket: boolean;
};

/** What of the policy keeps a mail of this kind from a person; of several rules the one that holds longest. */
export function fatigueBy(policy: FatiguePolicy, kind: MailKind, borne: Borne, now: string): Fatigue | undefined {
  if (borne.hasOpenTicket) return { reason: 'FATIGUE', rule: 'OPEN_TICKET' };
  const held: { rule: FatigueRule; until: string }[] = [];
  const hold = (rule: FatigueRule, times: readonly string[], limit: Limit) => {
    const until = limitedUntil(times, limit, now);
    if (until !== undefined) held.push({ rule, until });
  };
  const { perPerson, perAdvertiser, mailsPerWeek } = policy;
  const times = (mails: readonly Mailed[]) => mails.map(({ at }) => at);
  if (mailsPerWeek !== undefined) hold('MAILS_PER_WEEK', times(borne.mails), { most: mailsPerWeek, days: weekDays });
  if (kind === 'SURVEY') {
    const surveys = borne.mails.filter((mail) => mail.kind === 'SURVEY');
    if (perPerson) hold('PER_PERSON', times(surveys), { most: perPerson.surveys, days: perPerson.days });
    if (perAdvertiser)
      for (const sent of borne.advertisers)
        hold('PER_ADVERTISER', sent, { most: perAdvertiser.surveys, days: perAdvertiser.days });
  }
  const [longest] = held.toSorted((one, other) => (one.until > other.until ? -1 : 1));
  return longest && { reason: 'FATIGUE', ...longest };
}
