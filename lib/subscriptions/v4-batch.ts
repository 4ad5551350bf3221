import type { App } from '../core/app.ts';
import type { CrmError } from '../core/errors.ts';
import type { Reply } from '../core/handle.ts';
import { asRowError, batchReply, toBatchError } from '../objects/batch-answer.ts';
import { subscriptionKey } from '../table/keys.ts';
import { Subscription } from './schema.ts';
import { addressOf } from './store.ts';

type Row<T> = { readonly result: T } | { readonly error: CrmError; readonly id: string };

async function rowOf<T>(id: string, work: () => T | Promise<T>): Promise<Row<T>> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error: asRowError(error as Error), id };
  }
}

/** Does the inputs one after the other: two of them may be of one address. Every failed one is told of; `partly` is the status then. */
export async function eachInput<I, T>(
  app: App,
  inputs: readonly I[],
  { idOf, work, partly }: { idOf: (input: I) => string; work: (input: I) => T | Promise<T>; partly: number },
): Promise<Reply> {
  const startedAt = app.now();
  const rows: Row<T>[] = [];
  for (const input of inputs) rows.push(await rowOf(idOf(input), () => work(input)));
  const results = rows.flatMap((row) => ('result' in row ? [row.result] : []));
  const errors = rows.flatMap((row) =>
    'error' in row ? [toBatchError(row.error, { subscriberIdString: [row.id] })] : [],
  );
  return batchReply(app, 200, { startedAt, results, errors }, partly);
}

/** What many addresses chose, with one read for a hundred of them. */
export async function readSubscribers(app: App, subscribers: readonly string[]) {
  const emails = new Map<string, string>();
  for (const subscriber of subscribers) {
    const found = await rowOf(subscriber, () => addressOf(subscriber));
    if ('result' in found) emails.set(subscriber, found.result);
  }
  const rows = await app.table.getMany([...emails.values()].map(subscriptionKey), Subscription);
  const chosen = new Map(rows.map((row) => [row.email, row]));
  /** @throws CrmError 400 */
  return (subscriber: string) => {
    const email = emails.get(subscriber) ?? addressOf(subscriber);
    return { email, chosen: chosen.get(email) };
  };
}

/** HubSpot's wrapper of an answer about one address. */
export async function actionAnswer<T>(app: App, work: () => Promise<readonly T[]>) {
  const startedAt = app.now();
  const results = [...(await work())];
  return { status: 'COMPLETE' as const, results, requestedAt: startedAt, startedAt, completedAt: app.now() };
}
