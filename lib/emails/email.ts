import { CrmError } from '../core/errors.ts';
import type { EmailDraft, EmailInput, EmailPatch, EmailState, Ready, StoredEmail } from './schema.ts';

type At = { readonly now: string; readonly by: string };

/** States before publishing, under publishing, and with a time that has not come. */
const statesOf: Readonly<
  Record<StoredEmail['type'], { draft: EmailState; published: EmailState; scheduled: EmailState }>
> = {
  BATCH_EMAIL: { draft: 'DRAFT', published: 'PUBLISHED', scheduled: 'SCHEDULED' },
  LOCALTIME_EMAIL: { draft: 'DRAFT', published: 'PUBLISHED', scheduled: 'SCHEDULED' },
  AB_EMAIL: { draft: 'DRAFT_AB', published: 'PUBLISHED_AB', scheduled: 'SCHEDULED_AB' },
  AUTOMATED_EMAIL: { draft: 'AUTOMATED_DRAFT', published: 'AUTOMATED', scheduled: 'AUTOMATED' },
};

/** The variation of an A/B test goes with its e-mail, and has states of its own. */
function stateFor({ type, testing }: StoredEmail, when: 'draft' | 'published' | 'scheduled'): EmailState {
  if (type !== 'AB_EMAIL' || testing?.abStatus !== 'variant') return statesOf[type][when];
  return when === 'draft' ? 'DRAFT_AB_VARIANT' : 'PUBLISHED_AB_VARIANT';
}

export const invalidEmail = (field: string, what: string): CrmError => {
  const message = `${field}: ${what}`;
  return new CrmError('VALIDATION_ERROR', `Invalid input: ${message}`, {
    errors: [{ message, code: 'INVALID_VALUE', in: field }],
    context: { fields: [field] },
  });
};

/** HubSpot's clients say by the state or the subcategory what kind of e-mail they make. */
function typeOf({ state = '', subcategory = '' }: EmailInput): StoredEmail['type'] {
  if (/^automated/i.test(state) || /^automated/.test(subcategory)) return 'AUTOMATED_EMAIL';
  return subcategory === 'localtime' ? 'LOCALTIME_EMAIL' : 'BATCH_EMAIL';
}

export function newEmail(input: EmailInput, at: At & { readonly id: string }): StoredEmail {
  const type = typeOf(input);
  const { state: _, archived: __, businessUnitId, content = {}, subject = '', from = {}, ...rest } = input;
  return {
    ...rest,
    subject,
    from,
    content,
    ...(businessUnitId !== undefined && { businessUnitId: String(businessUnitId) }),
    id: at.id,
    type,
    state: statesOf[type].draft,
    revision: 1,
    version: 1,
    createdAt: at.now,
    createdById: at.by,
    updatedAt: at.now,
    updatedById: at.by,
  };
}

/** What people wrote of it. */
export function draftOf(email: StoredEmail | EmailDraft): EmailDraft {
  const {
    id: _id,
    type: _type,
    state: _state,
    ready: _ready,
    revision: _revision,
    version: _version,
    createdAt: _createdAt,
    createdById: _createdById,
    publishedAt: _publishedAt,
    publishedById: _publishedById,
    clonedFrom: _clonedFrom,
    otherId: _otherId,
    sendId: _sendId,
    archivedAt: _archivedAt,
    ...draft
  } = email as StoredEmail;
  return draft;
}

/** The draft after a change: parts that are named take the place of the old ones as wholes, as HubSpot's do. */
export function changedDraft(draft: EmailDraft, patch: EmailPatch, { now, by }: At): EmailDraft {
  const { state: _, archived: __, businessUnitId, ...parts } = patch;
  return {
    ...draft,
    ...parts,
    ...(businessUnitId !== undefined && { businessUnitId: String(businessUnitId) }),
    updatedAt: now,
    updatedById: by,
  };
}

export const isPublished = ({ state }: Pick<StoredEmail, 'state'>): boolean => !state.includes('DRAFT');

/** A scheduled e-mail is a published one from its time on. */
export function stateAt({ state, publishDate }: Pick<StoredEmail, 'state' | 'publishDate'>, now: string): EmailState {
  if (publishDate !== undefined && Date.parse(publishDate) > Date.parse(now)) return state;
  if (state === 'SCHEDULED') return 'PUBLISHED';
  return state === 'SCHEDULED_AB' ? 'PUBLISHED_AB' : state;
}

/** The e-mail with what was written anew: a version of its own. What is on its way to people is left as it is. @throws CrmError 400 */
export function rewritten(email: StoredEmail, draft: EmailDraft, { now, by }: At): StoredEmail {
  if (isPublished(email) && email.ready)
    throw invalidEmail(
      'state',
      `the e-mail is ${email.state}: change its draft and publish it again, or unpublish it before`,
    );
  return { ...email, ...draft, ...risen(email, { now, by }), revision: email.revision + 1 };
}

const risen = (email: StoredEmail, { now, by }: At) => ({
  version: email.version + 1,
  updatedAt: now,
  updatedById: by,
});

/** Published with what is ready to go; `sendId` when it goes to the people that it names. */
export function published(
  email: StoredEmail,
  { draft, ready, sendId, at }: { draft: EmailDraft; ready: Ready; sendId?: string | undefined; at: At },
): StoredEmail {
  const due = draft.publishDate !== undefined && Date.parse(draft.publishDate) > Date.parse(at.now);
  const { sendId: _, ...before } = email;
  return {
    ...before,
    ...draft,
    ready,
    state: stateFor(email, sendId !== undefined && due ? 'scheduled' : 'published'),
    ...(sendId !== undefined && { sendId }),
    publishedAt: at.now,
    publishedById: at.by,
    ...risen(email, at),
    revision: email.revision + 1,
  };
}

/** A draft again; whoever sends it must publish it before. */
export function unpublished(email: StoredEmail, at: At): StoredEmail {
  const { ready: _, sendId: __, publishedAt: ___, publishedById: ____, ...rest } = email;
  return { ...rest, state: stateFor(email, 'draft'), ...risen(email, at) };
}

export function cloned(
  email: StoredEmail,
  { name, language, id, ...at }: At & { name?: string | undefined; language?: string | undefined; id: string },
): StoredEmail {
  const { sendOnPublish, publishDate: _, testing: __, ...draft } = draftOf(email);
  const type = email.type === 'AB_EMAIL' ? 'BATCH_EMAIL' : email.type;
  return {
    ...draft,
    ...(sendOnPublish !== undefined && { sendOnPublish }),
    name: name ?? `${email.name} (clone)`.slice(0, 200),
    ...(language && { language }),
    id,
    type,
    state: statesOf[type].draft,
    clonedFrom: email.id,
    revision: 1,
    version: 1,
    createdAt: at.now,
    createdById: at.by,
    updatedAt: at.now,
    updatedById: at.by,
  };
}

/** Half of the readers get the variation, unless the test says another share. */
const usualShare = 50;

/** An e-mail and its variation, both drafts. @throws CrmError 400 for an e-mail that has one, or is out, or automated */
export function varied(
  email: StoredEmail,
  { name, id, testId, ...at }: At & { name: string; id: string; testId: string },
): { readonly master: StoredEmail; readonly variation: StoredEmail } {
  if (email.otherId !== undefined) throw invalidEmail('contentId', `the e-mail ${email.id} is part of an A/B test`);
  if (email.state !== 'DRAFT') throw invalidEmail('contentId', `only a draft gets a variation, this is ${email.state}`);
  const { abTestPercentage = usualShare, ...testing } = email.testing ?? {};
  const shared = { ...testing, abTestPercentage, testId };
  const copy = cloned(email, { name, id, ...at });
  return {
    master: {
      ...email,
      ...risen(email, at),
      type: 'AB_EMAIL',
      state: 'DRAFT_AB',
      otherId: id,
      testing: { ...shared, abStatus: 'master' },
    },
    variation: {
      ...copy,
      type: 'AB_EMAIL',
      state: 'DRAFT_AB_VARIANT',
      otherId: email.id,
      testing: { ...shared, abStatus: 'variant' },
    },
  };
}

/** In the archive, from which nothing is sent. @throws CrmError 400 while its time has not come */
export function archived(email: StoredEmail, at: At): StoredEmail {
  if (stateAt(email, at.now).startsWith('SCHEDULED'))
    throw invalidEmail('state', 'the e-mail is scheduled: unpublish it before');
  return { ...email, ...risen(email, at), archivedAt: at.now };
}

export function restored(email: StoredEmail, at: At): StoredEmail {
  const { archivedAt: _, ...rest } = email;
  return { ...rest, ...risen(email, at) };
}
