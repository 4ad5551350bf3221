import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { contend } from '../table/contention.ts';
import { commitOrThrow } from '../table/steps.ts';
import { checkTemplates } from './check.ts';
import { archived, changedDraft, cloned, draftOf, newEmail, restored, rewritten, varied } from './email.ts';
import { authorOf, currentRevision } from './public.ts';
import type { EmailDraft, EmailInput, EmailPatch, EmailRevision, StoredEmail } from './schema.ts';
import {
  changeDraft,
  changeEmail,
  createEmail,
  emailNotFound,
  emailSteps,
  findDraft,
  listRevisions,
  type RevisionPage,
  readEmail,
  readRevision,
} from './store.ts';

const at = (app: App) => ({ now: app.now(), by: authorOf(app) });

/** @throws CrmError 400 naming a part that is no template, or does not end */
export async function makeEmail(app: App, input: EmailInput): Promise<StoredEmail> {
  const email = newEmail(input, { ...at(app), id: app.newId() });
  await checkTemplates(email);
  return createEmail(app, email);
}

/** Changes the current version. `archived` moves it into the archive or out of it. @throws CrmError 404, 400 */
export async function updateEmail(
  app: App,
  id: string,
  patch: EmailPatch,
  { wasArchived }: { readonly wasArchived: boolean },
): Promise<StoredEmail> {
  const { archived: toArchive, ...parts } = patch;
  const change = (email: StoredEmail): StoredEmail => {
    const draft = changedDraft(draftOf(email), parts, at(app));
    const written = Object.keys(parts).length > 0 ? rewritten(email, draft, at(app)) : email;
    if (toArchive === true && email.archivedAt === undefined) return archived(written, at(app));
    return toArchive === false && email.archivedAt !== undefined ? restored(written, at(app)) : written;
  };
  await checkTemplates(changedDraft(draftOf(await readEmail(app, id, { archived: wasArchived })), parts, at(app)));
  return changeEmail(app, id, change, { archived: wasArchived });
}

/** Into the archive. One that is there already is no error. @throws CrmError 404 */
export async function archiveEmail(app: App, id: string): Promise<void> {
  await changeEmail(app, id, (email) => archived(email, at(app)));
}

/** Changes what is prepared beside the current version. @throws CrmError 404, 400 */
export const updateDraft = async (app: App, id: string, patch: EmailPatch) => {
  const next = (email: StoredEmail, draft: EmailDraft | undefined) =>
    changedDraft(draft ?? draftOf(email), patch, at(app));
  const [email, draft] = await Promise.all([readEmail(app, id), findDraft(app, id)]);
  await checkTemplates(next(email, draft));
  return changeDraft(app, id, next);
};

/** What was prepared is dropped. @throws CrmError 404 */
export const resetDraft = (app: App, id: string) => changeDraft(app, id, () => undefined);

/** @throws CrmError 404 */
export async function cloneEmail(
  app: App,
  {
    id,
    cloneName,
    language,
  }: { readonly id: string; readonly cloneName?: string | undefined; readonly language?: string | undefined },
): Promise<StoredEmail> {
  const email = await readEmail(app, id);
  return createEmail(app, cloned(email, { ...at(app), name: cloneName, language, id: app.newId() }));
}

/** Makes the other one of an A/B test, a copy to be changed. @throws CrmError 404, 400 */
export const createVariation = (
  app: App,
  { contentId, variationName }: { readonly contentId: string; readonly variationName: string },
): Promise<StoredEmail> =>
  contend(async () => {
    const email = await readEmail(app, contentId);
    const made = varied(email, { ...at(app), name: variationName, id: app.newId(), testId: app.newId() });
    const steps = [...emailSteps(app, email, made.master), ...emailSteps(app, undefined, made.variation)];
    await commitOrThrow(app.table, steps);
    return made.variation;
  });

/** The other one of an A/B test, whichever is asked about. @throws CrmError 404 */
export async function readVariation(app: App, id: string, archive: boolean): Promise<StoredEmail> {
  const { otherId } = await readEmail(app, id, { archived: archive });
  if (otherId === undefined) throw new CrmError('OBJECT_NOT_FOUND', `The email ${id} has no variation`);
  return readEmail(app, otherId);
}

/** Revisions with the number of the current one. @throws CrmError 404 */
export async function revisionsOf(app: App, id: string, page: RevisionPage) {
  const { revision } = await readEmail(app, id);
  const found = await listRevisions(app, id, { ...page, limit: page.limit + 1 });
  const backwards = page.before !== undefined;
  const revisions = found.length > page.limit ? (backwards ? found.slice(1) : found.slice(0, page.limit)) : found;
  const oldest = revisions.at(-1)?.revision;
  const more = oldest !== undefined && oldest > 1;
  return { revisions, current: revision, ...(more && { after: String(oldest) }) };
}

/** The revision of a number, or the current one (-1). @throws CrmError 404 */
export async function revisionOf(
  app: App,
  id: string,
  revisionId: string,
): Promise<{ readonly revision: EmailRevision; readonly current: number }> {
  const { revision: current } = await readEmail(app, id);
  const number = revisionId === currentRevision ? current : Number(revisionId);
  if (!Number.isSafeInteger(number) || number < 1) throw emailNotFound(`${id}, revision ${revisionId}`);
  return { revision: await readRevision(app, id, number), current };
}

/** What an old version said is current again, as a version of its own. @throws CrmError 404, 400 for a published e-mail */
export async function restoreRevision(app: App, id: string, revisionId: string): Promise<void> {
  const { revision } = await revisionOf(app, id, revisionId);
  await changeEmail(app, id, (email) => rewritten(email, draftOf(revision.email), at(app)));
}

/** What an old version said becomes the draft. @throws CrmError 404 */
export async function restoreToDraft(app: App, id: string, revisionId: string) {
  const { revision } = await revisionOf(app, id, revisionId);
  return changeDraft(app, id, () => ({ ...draftOf(revision.email), updatedAt: app.now(), updatedById: authorOf(app) }));
}
