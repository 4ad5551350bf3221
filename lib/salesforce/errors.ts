import * as z from 'zod/mini';
import { SyncFailed } from '../../events/sync.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { absent, attributes } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { salesforceErrorKey, salesforceErrorListing } from '../table/keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { contactType, ErrorCategory } from './schema.ts';

/** A record that one side refused. One row for each record, however often. */
export const SyncError = z.object({
  id: z.string(),
  category: ErrorCategory,
  code: z.string(),
  message: z.string(),
  objectType: z.string(),
  recordId: z.nullable(z.string()),
  salesforceId: z.nullable(z.string()),
  sobject: z.nullable(z.string()),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  attempts: z.number(),
  /** When a run tries it again. */
  retryAt: z.string(),
});
export type SyncError = z.output<typeof SyncError>;

export type Trouble = Pick<SyncError, 'category' | 'code' | 'message'> & {
  /** Of a mapping that does not work; records name themselves. */
  readonly id?: string | undefined;
  readonly recordId?: string | undefined;
  readonly salesforceId?: string | undefined;
  readonly sobject?: string | undefined;
};

const firstRetryMs = 5 * 60_000;
const longestRetryMs = 6 * 60 * 60_000;
/** Messages of validation rules may be long. */
const longestMessage = 1000;

/** The row's name: our record, or Salesforce's where we have none. */
const errorIdOf = ({ id, recordId, salesforceId }: Trouble): string => id ?? recordId ?? salesforceId ?? 'sync';
export const mappingErrorId = (field: string): string => `mapping-${field}`;

const itemOf = (error: SyncError) => ({
  ...salesforceErrorKey(error.id),
  gsi1pk: salesforceErrorListing(error.category),
  gsi1sk: `${error.retryAt}#${error.id}`,
  entity: 'salesforce-error',
  ...error,
});

/** Keeps a refusal, to be tried again with growing pauses; the record's log tells each new reason once. */
export function park(app: App, trouble: Trouble): Promise<void> {
  const id = errorIdOf(trouble);
  return contend(async () => {
    const now = app.now();
    const before = await app.table.get(salesforceErrorKey(id), SyncError);
    const attempts = (before?.attempts ?? 0) + 1;
    const pauseMs = Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs);
    const error: SyncError = {
      id,
      category: trouble.category,
      code: trouble.code,
      message: trouble.message.slice(0, longestMessage),
      objectType: contactType,
      recordId: trouble.recordId ?? null,
      salesforceId: trouble.salesforceId ?? null,
      sobject: trouble.sobject ?? null,
      firstSeenAt: before?.firstSeenAt ?? now,
      lastSeenAt: now,
      attempts,
      retryAt: new Date(Date.parse(now) + pauseMs).toISOString(),
    };
    const isNews = before?.code !== error.code || before.message !== error.message;
    await commitOrThrow(app.table, [
      orStale({ put: itemOf(error), when: before ? attributes({ attempts: before.attempts }) : absent }),
      ...(isNews && error.recordId ? [orStale(appendEvent(failedEvent(app, error, error.recordId)))] : []),
    ]);
  });
}

const failedEvent = (app: App, { category, code, message, salesforceId }: SyncError, recordId: string) =>
  SyncFailed.of({
    id: app.newEventId(),
    objectType: contactType,
    recordId,
    occurredAt: app.now(),
    actor: app.actor,
    cause: [...app.cause],
    category,
    code,
    message,
    salesforceId,
  });

/** The steps that forget refusals of these names, where there are any. */
export async function forgetSteps(app: App, ids: readonly string[]): Promise<Map<string, Step>> {
  const errors = await app.table.getMany(ids.map(salesforceErrorKey), SyncError);
  return new Map(errors.map(({ id }) => [id, orStale({ remove: salesforceErrorKey(id) })]));
}

export async function readError(app: App, id: string): Promise<SyncError> {
  const error = await app.table.get(salesforceErrorKey(id), SyncError);
  if (!error)
    throw new CrmError('OBJECT_NOT_FOUND', `No sync error with ID ${id} exists`, { context: { errorId: [id] } });
  return error;
}

/** Whether anything is refused at present. */
export async function anyErrors(app: App): Promise<boolean> {
  for (const category of ErrorCategory.options) {
    const { items } = await listCategory(app, category, { limit: 1 });
    if (items.length > 0) return true;
  }
  return false;
}

const listCategory = (
  app: App,
  category: ErrorCategory,
  { limit, before, startAfter }: { limit: number; before?: string; startAfter?: Record<string, unknown> },
) =>
  app.table.query(
    {
      pk: salesforceErrorListing(category),
      index: 'gsi1',
      limit,
      ...(before && { to: before }),
      ...(startAfter && { startAfter }),
    },
    SyncError,
  );

/** Refusals whose time to be tried again has come, at most `limit`. */
export async function dueErrors(app: App, limit: number): Promise<SyncError[]> {
  const due: SyncError[] = [];
  for (const category of ErrorCategory.options) {
    if (due.length >= limit) break;
    due.push(...(await listCategory(app, category, { limit: limit - due.length, before: app.now() })).items);
  }
  return due;
}

/** A page of refusals, category by category, in each those first that are tried again first. The cursor is `category#retryAt#id`. */
export async function listErrors(
  app: App,
  { category, after, limit }: { category?: ErrorCategory | undefined; after?: string | undefined; limit: number },
): Promise<{ items: SyncError[]; after?: string }> {
  const [start] = after?.split('#', 1) ?? [];
  const all = category ? [category] : ErrorCategory.options;
  const found: SyncError[] = [];
  for (const each of all.slice(Math.max(0, all.indexOf(start as ErrorCategory)))) {
    const place = each === start && after ? after.slice(after.indexOf('#') + 1) : undefined;
    const startAfter = place === undefined ? {} : { startAfter: placeOf(each, place) };
    const page = await listCategory(app, each, { limit: limit + 1 - found.length, ...startAfter });
    found.push(...page.items);
    if (found.length > limit) break;
  }
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last ? { items, after: `${last.category}#${last.retryAt}#${last.id}` } : { items };
}

const placeOf = (category: ErrorCategory, place: string) => ({
  ...salesforceErrorKey(place.slice(place.indexOf('#') + 1)),
  gsi1pk: salesforceErrorListing(category),
  gsi1sk: place,
});

/** Lets the next run try it again. */
export const releaseStep = (app: App, error: SyncError): Step =>
  orStale({
    put: itemOf({ ...error, retryAt: app.now() }),
    when: attributes({ attempts: error.attempts }),
  });
