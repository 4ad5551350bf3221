import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Job } from '../jobs/job.ts';
import { announceJob } from '../jobs/store.ts';
import { cancelSend } from '../sends/control.ts';
import { checkReferences, sendWrites } from '../sends/create.ts';
import { totalsOf } from '../sends/ledger.ts';
import type { Send, SendInput } from '../sends/schema.ts';
import { hasWork } from '../sends/send.ts';
import { findSend } from '../sends/send-store.ts';
import { contend } from '../table/contention.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { checkProperties, checkTemplates } from './check.ts';
import { draftOf, invalidEmail, isPublished, published, stateAt, unpublished } from './email.ts';
import { missingDuties, unsaid, withFooter } from './footer.ts';
import { withInlinedStyles } from './inline.ts';
import { readSenderDetails } from './mail-settings.ts';
import { authorOf } from './public.ts';
import type { EmailDraft, Ready, StoredEmail } from './schema.ts';
import { writtenParts } from './source.ts';
import { changeEmail, draftStep, emailSteps, findDraft, findEmail, readEmail } from './store.ts';

/** Mail that nobody named a kind for is news. */
const newsType = '2';

/**
 * Makes what is written (the draft, if there is one) the version that is sent. An e-mail that names people goes to them, at once or at its
 * `publishDate`: the send is part of the transaction, so that it is made once. Of an A/B test both go out, each to its part of the people; who
 * wins is for people to say. @throws CrmError 404, 400 naming what is missing
 */
export async function publishEmail(app: App, id: string): Promise<void> {
  const jobs = await contend(async () => {
    const both = await writtenBoth(app, id);
    const [master] = both;
    refuseSecond(master.email);
    const input = sendOf(master.email, master.written, app.now());
    if (input) await checkReferences(app, input);
    const made = await Promise.all(both.map((one) => publication(app, one, input && partOf(one.email, input))));
    await commitOrThrow(
      app.table,
      made.flatMap(({ steps }) => steps),
    );
    return made.flatMap(({ job }) => job ?? []);
  });
  for (const job of jobs) await announceJob(job);
}

type Written = { readonly email: StoredEmail; readonly draft: EmailDraft | undefined; readonly written: EmailDraft };

async function writtenOf(app: App, id: string): Promise<Written> {
  const [email, draft] = await Promise.all([readEmail(app, id), findDraft(app, id)]);
  return { email, draft, written: draft ?? draftOf(email) };
}

/** The e-mail, and its variation if it has one. */
async function writtenBoth(app: App, id: string): Promise<readonly [Written, ...Written[]]> {
  const master = await writtenOf(app, id);
  const { otherId, state } = master.email;
  return otherId === undefined || state === 'DRAFT_AB_VARIANT' ? [master] : [master, await writtenOf(app, otherId)];
}

type Made = SendInput & Pick<Send, 'part'>;

/** Half of the people get the variation, unless the test says otherwise. */
function partOf({ id, type, testing = {} }: StoredEmail, input: SendInput): Made {
  if (type !== 'AB_EMAIL') return input;
  const { testId = id, abTestPercentage = 50, abStatus } = testing;
  return {
    ...input,
    emailId: id,
    part: { testId, of: abStatus === 'variant' ? 'B' : 'A', share: abTestPercentage / 100 },
  };
}

/** What publishes one e-mail, with its send if it has one. @throws CrmError 400 */
async function publication(
  app: App,
  { email, draft, written }: Written,
  input: Made | undefined,
): Promise<{ readonly steps: Step[]; readonly job: Job | undefined }> {
  const ready = await readyParts(app, written);
  const made = input && (await sendWrites(app, input, `email-${email.id}-${email.revision + 1}`));
  const at = { now: app.now(), by: authorOf(app) };
  const after = published(email, { draft: written, ready, sendId: made?.send.id, at });
  const steps = [
    ...emailSteps(app, email, after),
    ...(draft ? [draftStep(email.id, draft, undefined)] : []),
    ...(made?.writes ?? []).map((write) => orStale(write)),
  ];
  return { steps, job: made?.job };
}

function refuseSecond(email: StoredEmail): void {
  if (email.state === 'DRAFT_AB_VARIANT') throw invalidEmail('state', 'a variation is published with its e-mail');
  if (isPublished(email) && email.sendId !== undefined)
    throw new CrmError('VALIDATION_ERROR', `The email ${email.id} was published and sent: clone it to send it again`, {
      context: { emailId: [email.id] },
    });
}

/** What goes out: checked, with a footer that says what the law wants said, and with styles inlined. @throws CrmError 400 */
async function readyParts(app: App, draft: EmailDraft): Promise<Ready> {
  await checkTemplates(draft);
  const parts = writtenParts(draft);
  if (!parts.subject.trim()) throw invalidEmail('subject', 'an e-mail without a subject is not sent');
  if (!parts.html.trim()) throw invalidEmail('content', 'an e-mail without a body is not sent');
  await checkProperties(app, parts);
  const details = await readSenderDetails(app);
  const fromName = draft.from.fromName;
  const left = unsaid(parts, details, fromName);
  const missing = missingDuties(left, details, fromName);
  if (missing.length > 0) throw incomplete(missing);
  const whole = withFooter(parts, { left, details, fromName, language: draft.language });
  return { ...whole, html: withInlinedStyles(whole.html) };
}

const incomplete = (missing: readonly string[]) =>
  new CrmError(
    'VALIDATION_ERROR',
    `The email does not say what mail to many must say: ${missing.join(', ')}. Put it into the template, or into PUT /marketing/v1/mail-settings`,
    {
      subCategory: 'EMAIL_INCOMPLETE',
      errors: missing.map((name) => ({ message: `${name} is missing`, code: 'MISSING', in: name })),
      context: { missing: [...missing] },
    },
  );

const idsIn = (...parts: readonly ({ include?: string[] | undefined } | undefined)[]) => [
  ...new Set(parts.flatMap((part) => part?.include ?? [])),
];
const idsOut = (...parts: readonly ({ exclude?: string[] | undefined } | undefined)[]) => [
  ...new Set(parts.flatMap((part) => part?.exclude ?? [])),
];

/** The send of an e-mail that names people and is to go now or at its time; nothing for one that is only made ready. */
function sendOf({ id, type }: Pick<StoredEmail, 'id' | 'type'>, draft: EmailDraft, now: string): SendInput | undefined {
  const { contactIds, contactLists, contactIlsLists } = draft.to ?? {};
  const audience = {
    listIds: idsIn(contactLists, contactIlsLists),
    contactIds: idsIn(contactIds),
    excludeListIds: idsOut(contactLists, contactIlsLists),
  };
  const named = audience.listIds.length + audience.contactIds.length > 0;
  if (!named || type === 'AUTOMATED_EMAIL') return undefined;
  if (draft.sendOnPublish === false && draft.publishDate === undefined) return undefined;
  if (idsOut(contactIds).length > 0)
    throw invalidEmail('to.contactIds.exclude', 'who shall not get it belongs into a list that is excluded');
  const later = draft.publishDate !== undefined && Date.parse(draft.publishDate) > Date.parse(now);
  return {
    emailId: id,
    audience,
    subscriptionTypeId: draft.subscriptionDetails?.subscriptionId || newsType,
    ...(later && { scheduledAt: draft.publishDate }),
    ...(later && type === 'LOCALTIME_EMAIL' && { timeZone: 'recipient' }),
  };
}

/**
 * Takes a published e-mail back: its send, if it has one, is cancelled, and what is pending does not go out. @throws CrmError 404, 400 for one
 * that is not published, or whose send is over
 */
export async function unpublishEmail(app: App, id: string): Promise<void> {
  const email = await readEmail(app, id);
  if (!isPublished(email))
    throw invalidEmail('state', `the e-mail is ${stateAt(email, app.now())}, which is not published`);
  const other = email.otherId === undefined ? undefined : await findEmail(app, email.otherId);
  for (const { sendId } of [email, ...(other ? [other] : [])]) if (sendId) await cancelUnlessOver(app, sendId);
  for (const each of [id, ...(other ? [other.id] : [])]) {
    await changeEmail(app, each, (before) =>
      isPublished(before) ? unpublished(before, { now: app.now(), by: authorOf(app) }) : before,
    );
  }
}

async function cancelUnlessOver(app: App, sendId: string): Promise<void> {
  const [send, totals] = await Promise.all([findSend(app, sendId), totalsOf(app, sendId)]);
  if (send?.expandedAt !== undefined && !hasWork(totals))
    throw invalidEmail('state', 'everybody has got the e-mail: clone it to send something else');
  await cancelSend(app, sendId);
}
