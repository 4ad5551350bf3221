import type { App } from '../core/app.ts';
import { invalidEmail, isPublished } from './email.ts';
import type { EmailRow, StoredEmail } from './schema.ts';
import { findEmails, listEmailRows } from './store.ts';

type Time = string | undefined;
type EmailFilter = {
  readonly archived: boolean;
  readonly type?: string | undefined;
  readonly campaign?: string | undefined;
  readonly isPublished?: boolean | undefined;
  readonly createdAt?: Time;
  readonly createdAfter?: Time;
  readonly createdBefore?: Time;
  readonly updatedAt?: Time;
  readonly updatedAfter?: Time;
  readonly updatedBefore?: Time;
  readonly publishedAt?: Time;
  readonly publishedAfter?: Time;
  readonly publishedBefore?: Time;
};

const times = ['created', 'updated', 'published'] as const;

const matches = (row: EmailRow, filter: EmailFilter): boolean =>
  (row.archivedAt !== undefined) === filter.archived &&
  (filter.type === undefined || row.type === filter.type) &&
  (filter.campaign === undefined || row.campaign === filter.campaign) &&
  (filter.isPublished === undefined || isPublished(row) === filter.isPublished) &&
  times.every((name) =>
    within(row[`${name}At`], [filter[`${name}At`], filter[`${name}After`], filter[`${name}Before`]]),
  );

function within(time: Time, [at, after, before]: readonly [Time, Time, Time]): boolean {
  if (at === undefined && after === undefined && before === undefined) return true;
  if (time === undefined) return false;
  return (
    (at === undefined || time === at) &&
    (after === undefined || time > after) &&
    (before === undefined || time < before)
  );
}

const sortable = ['id', 'name', 'createdAt', 'updatedAt', 'publishedAt', 'state'] as const;
type Sortable = (typeof sortable)[number];

/** By `name`, `-updatedAt` and the like, then by id. @throws CrmError 400 for a field that is not sorted by */
function sorter(sort: readonly string[]): (one: EmailRow, other: EmailRow) => number {
  const keys = sort.map((given) => {
    const name = given.replace(/^-/, '') as Sortable;
    if (!sortable.includes(name))
      throw invalidEmail('sort', `must be one of [${sortable.join(', ')}], or one with - before it`);
    return { name, sign: given.startsWith('-') ? -1 : 1 };
  });
  return (one, other) => {
    for (const { name, sign } of [...keys, { name: 'id' as const, sign: 1 }]) {
      const [a, b] = [one[name] ?? '', other[name] ?? ''];
      if (a !== b) return a < b ? -sign : sign;
    }
    return 0;
  };
}

export type EmailPage = EmailFilter & {
  readonly sort: readonly string[];
  readonly after?: string | undefined;
  readonly limit: number;
};

/** A page of e-mails, with how many match in all. `after` is the id of the last one of the page before. */
export async function listEmails(
  app: App,
  { sort, after, limit, ...filter }: EmailPage,
): Promise<{ readonly emails: StoredEmail[]; readonly total: number; readonly after?: string }> {
  const compare = sorter(sort);
  const rows = await listEmailRows(app);
  const all = rows.filter((row) => matches(row, filter)).sort(compare);
  const last = after === undefined ? undefined : (rows.find(({ id }) => id === after) ?? unknownCursor(after, sort));
  const rest = last ? all.filter((row) => compare(row, last) > 0) : all;
  const page = rest.slice(0, limit);
  const found = new Map(
    (
      await findEmails(
        app,
        page.map(({ id }) => id),
      )
    ).map((email) => [email.id, email]),
  );
  const emails = page.flatMap(({ id }) => found.get(id) ?? []);
  const end = page.at(-1);
  return { emails, total: all.length, ...(rest.length > limit && end && { after: end.id }) };
}

/** Sorted by id, any id is a place to go on from. */
function unknownCursor(after: string, sort: readonly string[]): EmailRow {
  if (sort.length > 0) throw invalidEmail('after', 'is not a cursor of this list');
  return { id: after, name: '', type: 'BATCH_EMAIL', state: 'DRAFT', createdAt: '', updatedAt: '' };
}
