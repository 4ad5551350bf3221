import type { App } from '../core/app.ts';
import { isPublished, stateAt } from './email.ts';
import type { EmailDraft, EmailRevision, PublicEmail, PublicRevision, Statistics, StoredEmail } from './schema.ts';

/** The e-mail as HubSpot shows it; `draft` stands in front of what is current. */
export function toPublicEmail(
  email: StoredEmail | EmailRevision['email'],
  { now, draft, stats }: { now: string; draft?: EmailDraft | undefined; stats?: Statistics | undefined },
): PublicEmail {
  const { archivedAt, otherId: _, version: __, revision: ___, ready: ____, ...shown } = email as StoredEmail;
  return {
    ...shown,
    ...draft,
    to: draft?.to ?? email.to ?? {},
    state: stateAt(email, now),
    subcategory: email.subcategory ?? subcategoryOf(email),
    sendOnPublish: draft?.sendOnPublish ?? email.sendOnPublish ?? true,
    isPublished: isPublished(email),
    isTransactional: false,
    archived: archivedAt !== undefined,
    ...(archivedAt && { deletedAt: archivedAt }),
    ...(stats && { stats }),
  };
}

function subcategoryOf({ type, state }: Pick<StoredEmail, 'type' | 'state'>): string {
  switch (type) {
    case 'AUTOMATED_EMAIL':
      return 'automated';
    case 'LOCALTIME_EMAIL':
      return 'localtime';
    case 'AB_EMAIL':
      return state.endsWith('VARIANT') ? 'ab_variant' : 'ab_master';
    case 'BATCH_EMAIL':
      return 'batch';
  }
}

/** HubSpot's number of the version that is current. */
export const currentRevision = '-1';

export function toPublicRevision(
  { revision, email, by = '', at }: EmailRevision,
  current: number,
  now: string,
): PublicRevision {
  return {
    id: revision === current ? currentRevision : String(revision),
    object: toPublicEmail(email, { now }),
    updatedAt: at,
    user: { id: by, fullName: by, email: '' },
  };
}

const always = new Set(['id', 'name', 'subject', 'content', 'from', 'to', 'state', 'subcategory', 'sendOnPublish']);

/** The fields that were asked for, and those that HubSpot's model always has. */
export function withOnly(email: PublicEmail, names: readonly string[] | undefined): PublicEmail {
  if (!names || names.length === 0) return email;
  const wanted = new Set([
    ...always,
    'isPublished',
    'isTransactional',
    'archived',
    'type',
    'createdAt',
    'updatedAt',
    ...names,
  ]);
  return Object.fromEntries(Object.entries(email).filter(([name]) => wanted.has(name))) as PublicEmail;
}

/** Who changes an e-mail, as it is kept. */
export const authorOf = ({ actor }: App): string => actor.id;
