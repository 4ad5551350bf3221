import * as z from 'zod/mini';
import { AssociationRemoved } from '../../events/association.ts';
import { threadPurgeKind } from '../conversations/job-kinds.ts';
import { type App, envelopeOf } from '../core/app.ts';
import type { Job } from '../jobs/job.ts';
import { jobWrites } from '../jobs/store.ts';
import { removeSteps } from '../lists/members.ts';
import { changeSteps, findRecipient } from '../sends/ledger.ts';
import { cancelled } from '../sends/recipient.ts';
import { countErased } from '../surveys/erased-answers.ts';
import { present } from '../table/conditions.ts';
import { appendEvent } from '../table/event-log.ts';
import { contactThreadPrefix } from '../table/inbox-keys.ts';
import {
  associationKey,
  detachedKey,
  eventPrefix,
  everyAssociation,
  type Key,
  messageKey,
  type RecordRef,
  recipientPrefix,
  salesforceDirtyKey,
  salesforceErrorKey,
  salesforceLinkKey,
  submissionKey,
} from '../table/keys.ts';
import { everyDetached } from '../table/lifecycle-keys.ts';
import { listKey, memberKey, membershipKey, membershipPrefix } from '../table/list-keys.ts';
import { mailHitsPrefix } from '../table/send-keys.ts';
import { alsoStep, orStale, type Step } from '../table/steps.ts';
import { trackedPrefixes, visitorLinkPrefix } from '../table/tracking-keys.ts';
import { visitorErasure } from '../tracking/erase.ts';
import { visitorEraseKind } from '../tracking/job-kinds.ts';
import { VisitorLink } from '../tracking/link.ts';
import { eraseKind } from './job-kinds.ts';

/** A row of an erased record's partition; what it holds depends on what it is. */
export const AnyRow = z.looseObject({ pk: z.string(), sk: z.string() });
export type AnyRow = z.output<typeof AnyRow>;

/** What goes with a row; `job` erases another record that tells of the person, and is to be announced. */
export type Erasure = { readonly steps: readonly Step[]; readonly job?: Job };

const only = (...steps: Step[]): Erasure => ({ steps });
const keep: Erasure = { steps: [] };
const remove = ({ pk, sk }: Key): Step => orStale({ remove: { pk, sk } });

/** Of two workers one takes it away, with what that leads to. */
const removeOnce = ({ pk, sk }: Key): Step => alsoStep({ remove: { pk, sk }, when: present });

type At = { readonly ref: RecordRef; readonly erasedBy: string };
type Eraser = (app: App, row: AnyRow, at: At) => Erasure | Promise<Erasure>;

const Pair = z.object({ toObjectType: z.string(), toId: z.string(), typeIds: z.array(z.number()) });
const Logged = z.looseObject({ type: z.string(), detail: z.looseObject({ id: z.string() }) });
const List = z.object({ listId: z.string(), objectTypeId: z.string() });
const Answer = z.object({
  surveyId: z.string(),
  submissionId: z.string(),
  answeredAt: z.string(),
  contactId: z.optional(z.string()),
  score: z.optional(z.number()),
});
const Mail = z.object({ sendId: z.string(), contactId: z.string() });
const Thread = z.object({ threadId: z.string() });
const Twin = z.object({ salesforceId: z.string() });
const feedbackSubmissions = '0-19';

/** By the beginning of the sort key. What read models keep of a record is not among them: they hear of the erasure themselves. */
const erasers: readonly (readonly [string, Eraser])[] = [
  [eventPrefix, eraseEvent],
  [everyAssociation, erasePair],
  [everyDetached, (_, row) => only(remove(row), remove(otherDetached(row)))],
  ['primary#', (_, row) => only(remove(row))],
  [membershipPrefix, eraseMembership],
  ['answer#', eraseAnswer],
  ['answer', (_, row) => only(removeOnce(row), orStale(countErased(Answer.parse(row))))],
  [recipientPrefix, eraseMail],
  [contactThreadPrefix, eraseThread],
  ['mail-told#', (_, row) => only(remove(row))],
  [mailHitsPrefix, (_, row) => only(remove(row))],
  ['salesforce', eraseTwin],
  [visitorLinkPrefix, eraseVisitor],
  ...trackedPrefixes.map((prefix): readonly [string, Eraser] => [prefix, (_, row) => only(remove(row))]),
];

/** What is to be done with one row of an erased record. */
export function erasureOf(app: App, row: AnyRow, at: At): Erasure | Promise<Erasure> {
  const eraser = erasers.find(([prefix]) => row.sk.startsWith(prefix));
  return eraser ? eraser[1](app, row, at) : keep;
}

/** The record of what was answered goes by a job of its own, which is started with the removal of the row that names it. */
async function eraseAnswer(app: App, row: AnyRow): Promise<Erasure> {
  const answer = Answer.parse(row);
  const refs = [{ objectType: feedbackSubmissions, id: answer.submissionId }];
  const { job, writes } = await jobWrites(app, { kind: eraseKind, input: { refs, requested: true } });
  return { steps: [removeOnce(row), orStale(countErased(answer)), ...writes.map(orStale)], job };
}

/** The browser that was the person's is nobody's any more; its page views go by a job of their own. */
async function eraseVisitor(app: App, row: AnyRow): Promise<Erasure> {
  const { steps, input } = await visitorErasure(app, VisitorLink.parse(row));
  const { job, writes } = await jobWrites(app, { kind: visitorEraseKind, input });
  return { steps: [removeOnce(row), ...steps, ...writes.map(orStale)], job };
}

/** The threads of a person go with all of their mails, by a job of their own each. */
async function eraseThread(app: App, row: AnyRow): Promise<Erasure> {
  const { threadId } = Thread.parse(row);
  const { job, writes } = await jobWrites(app, { kind: threadPurgeKind, input: { threadId, erase: true } });
  return { steps: [removeOnce(row), ...writes.map(orStale)], job };
}

/** What is written after the erasure says nothing of the person. The mails and submissions that an event tells of go with it. */
function eraseEvent(_: App, row: AnyRow, { erasedBy }: At): Erasure {
  const { type, detail } = Logged.parse(row);
  if (detail.id >= erasedBy) return keep;
  const { formId, submissionId, messageKey: mail } = detail;
  const submission = type === 'form.submitted' && typeof formId === 'string' && typeof submissionId === 'string';
  return only(
    remove(row),
    ...(submission ? [remove(submissionKey(formId, submissionId))] : []),
    ...(typeof mail === 'string' ? [remove(messageKey(mail))] : []),
  );
}

/** The other record's log tells that the pair is no more. */
function erasePair(app: App, row: AnyRow, { ref }: At): Erasure {
  const { toObjectType, toId, typeIds } = Pair.parse(row);
  const other = { objectType: toObjectType, id: toId };
  const detail = { ...envelopeOf(app, other), toObjectType: ref.objectType, toRecordId: ref.id };
  return only(
    removeOnce(row),
    remove(associationKey(other, ref)),
    orStale(appendEvent(AssociationRemoved.of({ ...detail, typeIds, remaining: [] }))),
  );
}

function otherDetached(row: AnyRow): Key {
  const { toObjectType, toId } = Pair.parse(row);
  const [objectType = '', id = ''] = row.pk.split('#');
  return detachedKey({ objectType: toObjectType, id: toId }, { objectType, id });
}

async function eraseMembership(app: App, row: AnyRow, { ref }: At): Promise<Erasure> {
  const listId = row.sk.slice(membershipPrefix.length);
  const list = await app.table.get(listKey(listId), List);
  if (list) return only(...removeSteps(app, list, ref.id));
  return only(remove(membershipKey(ref, listId)), remove(memberKey(listId, ref.id)));
}

/** The ledger still adds up: the row stays without the address, and a mail that did not go out yet does not go out. */
async function eraseMail(app: App, row: AnyRow): Promise<Erasure> {
  const { contactId, sendId } = Mail.parse(row);
  const recipient = await findRecipient(app, contactId, sendId);
  if (!recipient || recipient.email === '') return keep;
  const now = app.now();
  const change =
    recipient.state === 'PENDING'
      ? cancelled(recipient, 'the contact was erased', now)
      : { before: recipient, after: { ...recipient, updatedAt: now }, counts: {} };
  return only(...changeSteps({ ...change, after: { ...change.after, email: '' } }));
}

/** The person's record in Salesforce is Salesforce's to erase; that it was this person's is forgotten. */
function eraseTwin(_: App, row: AnyRow, { ref }: At): Erasure {
  const { salesforceId } = Twin.parse(row);
  return only(
    remove(row),
    remove(salesforceLinkKey(salesforceId)),
    remove(salesforceErrorKey(ref.id)),
    remove(salesforceDirtyKey(ref)),
  );
}
