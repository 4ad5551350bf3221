import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { absent, attributes, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import {
  emailDraftKey,
  emailKey,
  emailListingKey,
  emailPartition,
  emailRevisionKey,
  emailRevisionPrefix,
} from '../table/email-keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { authorOf } from './public.ts';
import { EmailDraft, EmailRevision, EmailRow, StoredEmail } from './schema.ts';

export const emailNotFound = (id: string) => new CrmError('OBJECT_NOT_FOUND', `No email with ID ${id} exists`);

/** The e-mail, archived or not. 1 read. */
export const findEmail = ({ table }: App, id: string): Promise<StoredEmail | undefined> =>
  table.get(emailKey(id), StoredEmail);

/** The e-mail as it is now. @throws CrmError 404 also for one that is (not) archived */
export async function readEmail(app: App, id: string, { archived = false } = {}): Promise<StoredEmail> {
  const email = await findEmail(app, id);
  if (!email || (email.archivedAt !== undefined) !== archived) throw emailNotFound(id);
  return email;
}

export const findEmails = ({ table }: App, ids: readonly string[]): Promise<StoredEmail[]> =>
  table.getMany(ids.map(emailKey), StoredEmail);

export const findDraft = ({ table }: App, id: string): Promise<EmailDraft | undefined> =>
  table.get(emailDraftKey(id), EmailDraft);

/** What is listed of every e-mail, archived or not, by id. A row has some 400 bytes, so that a page of 1 MB holds 2,500. */
export const listEmailRows = ({ table }: App): Promise<EmailRow[]> =>
  table.all({ pk: emailPartition, prefix: emailListingKey('').sk }, EmailRow);

/** Stores an e-mail under the condition that it is as it was read; a new revision is kept for itself. */
export function emailSteps(app: App, before: StoredEmail | undefined, after: StoredEmail): Step[] {
  const { ready: _, ...email } = after;
  const kept = { revision: after.revision, email, by: authorOf(app), at: after.updatedAt };
  const item = { ...emailKey(after.id), entity: 'email', ...after };
  return [
    orStale({ put: item, when: before ? versionIs(before.version) : absent }),
    orStale({ put: { ...emailListingKey(after.id), entity: 'email-listing', ...EmailRow.parse(after) } }),
    ...(before?.revision === after.revision
      ? []
      : [orStale({ put: { ...emailRevisionKey(after.id, after.revision), entity: 'email-revision', ...kept } })]),
  ];
}

export async function createEmail(app: App, email: StoredEmail): Promise<StoredEmail> {
  await commitOrThrow(app.table, emailSteps(app, undefined, email));
  return email;
}

/** Reads, changes and stores an e-mail; when somebody else wrote in between, `change` runs again on what they wrote. @throws CrmError 404 */
export const changeEmail = (
  app: App,
  id: string,
  change: (email: StoredEmail) => StoredEmail,
  { archived = false } = {},
): Promise<StoredEmail> =>
  contend(async () => {
    const before = await readEmail(app, id, { archived });
    const after = change(before);
    if (after !== before) await commitOrThrow(app.table, emailSteps(app, before, after));
    return after;
  });

/** The step that stores a draft, or takes it away. */
export const draftStep = (id: string, before: EmailDraft | undefined, after: EmailDraft | undefined): Step => {
  const when = before ? attributes({ updatedAt: before.updatedAt }) : absent;
  const key = emailDraftKey(id);
  if (!after) return orStale({ remove: key, ...(before && { when }) });
  return orStale({ put: { ...key, entity: 'email-draft', ...after }, when });
};

/** Reads, changes and stores the draft, which begins as what is current. @throws CrmError 404 */
export const changeDraft = (
  app: App,
  id: string,
  change: (email: StoredEmail, draft: EmailDraft | undefined) => EmailDraft | undefined,
): Promise<{ readonly email: StoredEmail; readonly draft: EmailDraft | undefined }> =>
  contend(async () => {
    const [email, before] = await Promise.all([readEmail(app, id), findDraft(app, id)]);
    const draft = change(email, before);
    if (draft !== before) await commitOrThrow(app.table, [draftStep(id, before, draft)]);
    return { email, draft };
  });

/** @throws CrmError 404 */
export async function readRevision(app: App, id: string, revision: number): Promise<EmailRevision> {
  const found = await app.table.get(emailRevisionKey(id, revision), EmailRevision);
  if (!found) throw new CrmError('OBJECT_NOT_FOUND', `No revision with ID ${revision} of the email ${id} exists`);
  return found;
}

export type RevisionPage = {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
};

/** Revisions, the newest first: those older than `after`, or the ones just newer than `before`. */
export async function listRevisions(
  app: App,
  id: string,
  { after, before, limit }: RevisionPage,
): Promise<EmailRevision[]> {
  const bound = (revision: number) => emailRevisionKey(id, revision).sk;
  const range =
    before !== undefined
      ? { from: bound(before + 1), to: `${emailRevisionPrefix}~`, descending: false }
      : {
          from: emailRevisionPrefix,
          to: after === undefined ? `${emailRevisionPrefix}~` : bound(after - 1),
          descending: true,
        };
  const { items } = await app.table.query({ pk: emailKey(id).pk, ...range, limit }, EmailRevision);
  return before === undefined ? [...items] : [...items].reverse();
}
