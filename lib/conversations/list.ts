import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import {
  contactThreadPrefix,
  threadKey,
  threadListing,
  threadMessagePrefix,
  threadPartition,
} from '../table/inbox-keys.ts';
import { recordKey } from '../table/keys.ts';
import { Message, Thread, type ThreadStatus } from './schema.ts';

export type ThreadQuery = {
  readonly archived: boolean;
  readonly limit: number;
  readonly after?: string | undefined;
  readonly associatedContactId?: string | undefined;
  readonly inboxId?: readonly string[] | undefined;
  readonly latestMessageTimestampAfter?: string | undefined;
  readonly sort: 'id' | '-id' | 'latestMessageTimestamp' | '-latestMessageTimestamp';
  readonly threadStatus?: ThreadStatus | undefined;
};

type Asked = Omit<ThreadQuery, 'sort' | 'inboxId'> & {
  readonly sort?: string | undefined;
  readonly inboxId?: string | undefined;
};

const sorts = ['id', '-id', 'latestMessageTimestamp', '-latestMessageTimestamp'] as const;

/** The query as HubSpot's clients write it. By a time threads are in the order of their last messages. @throws CrmError 400 */
export function threadQueryOf({ sort, inboxId, latestMessageTimestampAfter, ...query }: Asked): ThreadQuery {
  const usual = latestMessageTimestampAfter === undefined ? 'id' : 'latestMessageTimestamp';
  const known = sorts.find((name) => name === (sort ?? usual));
  if (!known)
    throw new CrmError('VALIDATION_ERROR', `sort: must be one of [${sorts.join(', ')}]`, {
      context: { sort: [sort ?? ''] },
    });
  return {
    ...query,
    sort: known,
    inboxId: inboxId?.split(','),
    ...(latestMessageTimestampAfter !== undefined && {
      latestMessageTimestampAfter: new Date(latestMessageTimestampAfter).toISOString(),
    }),
  };
}

type Page<T> = { readonly items: readonly T[]; readonly after?: string | undefined };

const Row = z.object({ id: z.string(), gsi1sk: z.string() });
type Row = z.output<typeof Row>;
const pagesAtMost = 6;

/**
 * A page of threads in order. With a filter on inboxes it may hold fewer than asked and still have a next one: so many pages are looked
 * through in one request. A thread that changed a moment ago may be missing.
 */
export async function listThreads(app: App, query: ThreadQuery): Promise<Page<Thread>> {
  if (query.associatedContactId !== undefined) return threadsOfContact(app, query.associatedContactId, query);
  const found: Thread[] = [];
  let { after } = query;
  for (let pages = 0; pages < pagesAtMost; pages += 1) {
    const page = await rowsOf(app, { ...query, after });
    const threads = await threadsIn(app, page.items);
    for (const [position, thread] of threads.entries()) {
      if (!thread || !matches(thread, query)) continue;
      found.push(thread);
      const row = page.items[position];
      const isLast = position === threads.length - 1 && page.after === undefined;
      if (found.length === query.limit) return { items: found, ...(!isLast && row && { after: row.gsi1sk }) };
    }
    after = page.after;
    if (after === undefined) break;
  }
  return { items: found, ...(after !== undefined && { after }) };
}

const matches = (
  thread: Thread,
  { inboxId, threadStatus, latestMessageTimestampAfter: since, archived }: ThreadQuery,
) =>
  (inboxId === undefined || inboxId.includes(thread.inboxId)) &&
  (threadStatus === undefined || thread.status === threadStatus) &&
  (since === undefined || thread.latestMessageAt > since) &&
  archived === (thread.archivedAt !== undefined);

/** One page of the listing rows of one status, or of both merged in order. */
async function rowsOf(app: App, query: ThreadQuery): Promise<Page<Row>> {
  const descending = query.sort.startsWith('-');
  const by = query.sort.endsWith('id') ? ('id' as const) : ('latest' as const);
  const statuses: readonly ThreadStatus[] = query.threadStatus ? [query.threadStatus] : ['OPEN', 'CLOSED'];
  const lists: Row[] = [];
  let more = false;
  for (const status of statuses) {
    const bounds = boundsOf(query, by, descending);
    const page = await app.table.query(
      { pk: threadListing(by, status, query.archived), index: 'gsi1', limit: query.limit + 2, descending, ...bounds },
      Row,
    );
    // The bound itself is the last row of the page before.
    lists.push(...page.items.filter(({ gsi1sk }) => gsi1sk !== query.after));
    more ||= page.lastKey !== undefined;
  }
  const ordered = lists.toSorted((a, b) => (a.gsi1sk < b.gsi1sk ? -1 : 1) * (descending ? -1 : 1));
  const items = ordered.slice(0, query.limit);
  const last = items.at(-1);
  return { items, ...((more || ordered.length > items.length) && last && { after: last.gsi1sk }) };
}

function boundsOf({ after, latestMessageTimestampAfter }: ThreadQuery, by: 'id' | 'latest', descending: boolean) {
  const since = by === 'latest' ? latestMessageTimestampAfter : undefined;
  if (descending) return { ...(since !== undefined && { from: since }), ...(after !== undefined && { to: after }) };
  const from = after ?? since;
  return from === undefined ? {} : { from };
}

async function threadsIn(app: App, rows: readonly { readonly id: string }[]): Promise<(Thread | undefined)[]> {
  const found = await app.table.getMany(
    rows.map(({ id }) => threadKey(id)),
    Thread,
  );
  const byId = new Map(found.map((thread) => [thread.id, thread]));
  return rows.map(({ id }) => byId.get(id));
}

const Twin = z.object({ threadId: z.string() });
const mostOfContact = 1000;

/** A contact's threads are few: they are sorted as they are found. */
async function threadsOfContact(app: App, contactId: string, query: ThreadQuery): Promise<Page<Thread>> {
  const { pk } = recordKey({ objectType: '0-1', id: contactId });
  const { items } = await app.table.query(
    { pk, prefix: contactThreadPrefix, limit: mostOfContact, descending: true },
    Twin,
  );
  const threads = await threadsIn(
    app,
    items.map(({ threadId }) => ({ id: threadId })),
  );
  const position = (thread: Thread) =>
    query.sort.endsWith('id') ? thread.id : `${thread.latestMessageAt}#${thread.id}`;
  const sign = query.sort.startsWith('-') ? -1 : 1;
  const { after } = query;
  const ordered = threads
    .filter((thread) => thread !== undefined && matches(thread, query))
    .map((thread) => thread as Thread)
    .toSorted((a, b) => (position(a) < position(b) ? -1 : 1) * sign)
    .filter((thread) => after === undefined || (sign > 0 ? position(thread) > after : position(thread) < after));
  const page = ordered.slice(0, query.limit);
  const last = page.at(-1);
  return { items: page, ...(ordered.length > page.length && last && { after: position(last) }) };
}

/** A page of a thread's messages, newest first unless `createdAt` says otherwise. */
export async function listMessages(
  app: App,
  threadId: string,
  { after, limit, sort }: { after?: string | undefined; limit: number; sort: 'createdAt' | '-createdAt' },
): Promise<Page<Message>> {
  const pk = threadPartition(threadId);
  const { items, lastKey } = await app.table.query(
    {
      pk,
      prefix: threadMessagePrefix,
      limit,
      descending: sort === '-createdAt',
      ...(after !== undefined && { startAfter: { pk, sk: `${threadMessagePrefix}${after}` } }),
    },
    Message,
  );
  const last = items.at(-1);
  return { items, ...(lastKey && last && { after: last.id }) };
}
