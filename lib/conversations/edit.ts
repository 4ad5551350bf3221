import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { contend } from '../table/contention.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { requester, requireAgent } from './actors.ts';
import { threadPurgeKind } from './job-kinds.ts';
import type { Message, Thread, ThreadPatch } from './schema.ts';
import { findThread, messageWrite, readThread, threadWrites, withMessage } from './store.ts';

const daysInArchive = 30;

/** Opens, closes, restores or assigns a thread; each change stands among its messages. @throws CrmError 400, 404 */
export async function updateThread(app: App, id: string, patch: ThreadPatch, archived: boolean): Promise<Thread> {
  if (patch.archived === true)
    throw new CrmError('VALIDATION_ERROR', 'archived: DELETE archives a thread', { context: { archived: ['true'] } });
  if (patch.assignedTo) await requireAgent(app, patch.assignedTo, 'assignedTo');
  return contend(async () => {
    const before = await readThread(app, id, { archived });
    const notes = notesOf(app, before, patch);
    const restores = patch.archived === false && before.archivedAt !== undefined;
    if (notes.length === 0 && !restores) return before;
    const status = patch.status ?? before.status;
    const now = app.now();
    const after: Thread = {
      ...before,
      status,
      closedAt: status === 'CLOSED' ? (before.closedAt ?? now) : undefined,
      ...(patch.assignedTo !== undefined && { assignedTo: patch.assignedTo ?? undefined }),
      ...(restores && { archivedAt: undefined }),
      updatedAt: now,
      version: before.version + 1,
    };
    await commitOrThrow(app.table, [...threadWrites(before, after), ...notes.map(messageWrite)].map(orStale));
    return after;
  });
}

function notesOf(app: App, thread: Thread, { status, assignedTo }: ThreadPatch): Message[] {
  const note = (type: Message['type'], facts: Partial<Message>): Message => ({
    ...emptyMessage(app, thread.id),
    type,
    ...facts,
  });
  const from = thread.assignedTo;
  return [
    ...(status !== undefined && status !== thread.status ? [note('THREAD_STATUS_CHANGE', { newStatus: status })] : []),
    ...(assignedTo !== undefined && (assignedTo ?? undefined) !== from
      ? [note('ASSIGNMENT', { ...(assignedTo && { assignedTo }), ...(from !== undefined && { assignedFrom: from }) })]
      : []),
  ];
}

const emptyMessage = (app: App, threadId: string) => ({
  id: app.newEventId(),
  threadId,
  direction: 'OUTGOING' as const,
  createdAt: app.now(),
  createdBy: requester(app),
  to: [],
  cc: [],
  text: '',
  truncation: 'NOT_TRUNCATED' as const,
  files: [],
  filesLeftOut: 0,
  references: [],
});

/** Writes a comment, which only colleagues see. @throws CrmError 404 */
export const addComment = (
  app: App,
  threadId: string,
  { text, html, actorId }: { text: string; html?: string | undefined; actorId?: string | undefined },
): Promise<Message> =>
  contend(async () => {
    const thread = await readThread(app, threadId);
    const message: Message = {
      ...emptyMessage(app, threadId),
      ...(actorId !== undefined && { createdBy: actorId }),
      type: 'COMMENT',
      text,
      ...(html !== undefined && { html }),
    };
    const writes = [...threadWrites(thread, withMessage(thread, message)), messageWrite(message)];
    await commitOrThrow(app.table, writes.map(orStale));
    return message;
  });

/** Moves a thread to the archive, which is emptied after 30 days. One that is there already, or nowhere, is no error. */
export async function archiveThread(app: App, id: string): Promise<void> {
  const job = await contend(async () => {
    const before = await findThread(app, id);
    if (!before || before.archivedAt !== undefined) return undefined;
    const now = app.now();
    const at = new Date(Date.parse(now) + daysInArchive * 86_400_000).toISOString();
    const { job, writes } = await jobWrites(app, {
      kind: threadPurgeKind,
      input: { threadId: id, archivedAt: now },
      at,
    });
    const after = { ...before, archivedAt: now, updatedAt: now, version: before.version + 1 };
    await commitOrThrow(app.table, [...threadWrites(before, after), ...writes].map(orStale));
    return job;
  });
  if (job) await announceJob(job);
}
