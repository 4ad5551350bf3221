import { bodyPreview } from './body-preview.ts';
import type { ObjectType } from './definition.ts';
import { domainOfEmail } from './email-address.ts';
import { readPhone } from './phone.ts';
import { isClosedStage, type StageFact } from './stage-rules.ts';
import { stageDateProperty } from './standard-properties/lifecycle.ts';

type Changes = Readonly<Record<string, string | null>>;
type At = { readonly creating: boolean; readonly current: Readonly<Record<string, string>>; readonly now: string };

/** What follows from the values of a request. Only properties that the type has are set. */
export function deriveValues(
  type: ObjectType,
  changes: Changes,
  stage: StageFact | undefined,
  at: At,
): Record<string, string | null> {
  const derived = {
    ...phoneTwins(changes),
    ...emailDomain(changes),
    ...ownerDate(changes, at),
    ...(stage && closing(changes, stage, at)),
    ...(at.creating && type.objectTypeId === '0-1' && { hs_pipeline: 'contacts-lifecycle-pipeline' }),
    ...(type.objectTypeId === '0-49' && emailParties(changes)),
    ...bodyPreview(type.objectTypeId, changes, at.current),
  };
  return Object.fromEntries(Object.entries(derived).filter(([name]) => type.properties.has(name)));
}

/** The lifecycle stage goes forward only; a stage that a record comes to for the first time gets its date. */
export function moveLifecycle(
  type: ObjectType,
  changes: Changes,
  { creating, current, now }: At,
): Record<string, string | null> {
  const stages = type.properties
    .get('lifecyclestage')
    ?.options.toSorted((a, b) => (a.displayOrder ?? 0) - (b.displayOrder ?? 0));
  if (!stages) return {};
  const wanted = changes.lifecyclestage ?? (creating ? 'lead' : undefined);
  if (wanted === undefined) return {};
  const place = (stage: string | undefined) => stages.findIndex(({ value }) => value === stage);
  if (place(wanted) < 0) return {};
  if (place(wanted) < place(current.lifecyclestage)) return { lifecyclestage: current.lifecyclestage ?? null };
  const date = stageDateProperty(wanted);
  return { lifecyclestage: wanted, ...(type.properties.has(date) && !current[date] && { [date]: now }) };
}

const twins = {
  phone: 'hs_searchable_calculated_phone_number',
  mobilephone: 'hs_searchable_calculated_mobile_number',
} as const;

/** The number stays as typed; its twin is what calls are matched by. */
function phoneTwins(changes: Changes): Record<string, string | null> {
  const derived: Record<string, string | null> = {};
  for (const [name, twin] of Object.entries(twins)) {
    const typed = changes[name];
    if (typed === undefined) continue;
    const read = typed === null ? {} : readPhone(typed);
    derived[twin] = read.e164 ?? null;
    if (name === 'phone') derived.phone_extension = read.extension ?? null;
  }
  return derived;
}

const emailDomain = ({ email }: Changes) =>
  email === undefined ? {} : { hs_email_domain: email === null ? null : domainOfEmail(email) };

function ownerDate({ hubspot_owner_id: owner }: Changes, { current, now }: At): Record<string, string | null> {
  if (owner === undefined || (owner ?? undefined) === current.hubspot_owner_id) return {};
  return { hubspot_owner_assigneddate: owner === null ? null : now };
}

/** Closing dates a deal and stops a ticket's clock; reopening takes that back. */
function closing(changes: Changes, stage: StageFact, { creating, current, now }: At): Record<string, string | null> {
  const closed = isClosedStage(stage);
  const { probability } = stage.metadata;
  const won = closed && Number(probability) === 1;
  const started = changes.createdate ?? current.createdate ?? now;
  const closedNow = closed && current.hs_is_closed !== 'true';
  return {
    hs_is_closed: String(closed),
    ...(probability !== undefined && {
      hs_deal_stage_probability: probability,
      hs_is_closed_won: String(won),
      hs_is_closed_lost: String(closed && !won),
      ...(closedNow &&
        changes.closedate === undefined &&
        (creating || !current.closedate || current.closedate > now) && { closedate: now }),
    }),
    ...(closedNow && { closed_date: now, time_to_close: String(Math.max(0, Date.parse(now) - Date.parse(started))) }),
    ...(!closed && !creating && { closed_date: null, time_to_close: null }),
  };
}

/** HubSpot's clients write who wrote to whom as JSON in `hs_email_headers`. */
function emailParties({ hs_email_headers: headers }: Changes): Record<string, string | null> {
  const read = headers ? parseHeaders(headers) : undefined;
  if (!read) return {};
  const list = (side: unknown) =>
    parties(side)
      .map(({ email }) => email)
      .join(';') || null;
  const from = parties(read.from)[0];
  return {
    hs_email_from_email: from?.email ?? null,
    hs_email_from_firstname: from?.firstName ?? null,
    hs_email_from_lastname: from?.lastName ?? null,
    hs_email_to_email: list(read.to),
    hs_email_cc_email: list(read.cc),
    hs_email_bcc_email: list(read.bcc),
  };
}

type Party = { readonly email: string; readonly firstName?: string; readonly lastName?: string };

const isParty = (side: unknown): side is Party =>
  typeof side === 'object' && side !== null && 'email' in side && typeof side.email === 'string';

const parties = (side: unknown): Party[] => [side].flat().filter(isParty);

/** Text that is not JSON is kept as it is and says nothing. */
function parseHeaders(text: string): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
