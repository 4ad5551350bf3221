import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import {
  occurrenceListing,
  occurrenceMarkKey,
  occurrencePartition,
  occurrencePrefix,
} from '../table/custom-event-keys.ts';
import type { Query } from '../table/table.ts';
import { definitionNamed } from './definitions.ts';
import { PublicOccurrence } from './schema.ts';

export type Wanted = {
  readonly objectType?: string | undefined;
  readonly objectId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly ids: readonly string[];
  readonly occurredAfter?: string | undefined;
  readonly occurredBefore?: string | undefined;
  readonly ascending: boolean;
  readonly after?: string | undefined;
  readonly limit: number;
};

type Listed = { readonly results: PublicOccurrence[]; readonly after?: string };

/**
 * A page of what happened, newest first unless asked otherwise, by the time when it happened: of one record (as of now), or of one
 * event whoever it is of (up to a second behind). One query a page. @throws CrmError 400 for a question without either, 404
 */
export async function listOccurrences(app: App, wanted: Wanted): Promise<Listed> {
  const eventName = wanted.eventType && (await definitionNamed(app, wanted.eventType)).fullyQualifiedName;
  if (wanted.ids.length > 0) return { results: await byIds(app, eventName, wanted.ids) };
  const { partition, prefix } = await placeOf(app, wanted, eventName);
  const [from, to] = bounds(prefix, wanted);
  if (from > to) return { results: [] };
  const page = await app.table.query(
    { ...partition, from, to, limit: wanted.limit + 2, descending: !wanted.ascending },
    PublicOccurrence,
  );
  const cursor = cursorOf(wanted.after);
  const rest = page.items.filter((each) => momentOf(each) !== cursor);
  const results = rest.slice(0, wanted.limit);
  const last = results.at(-1);
  return rest.length > wanted.limit && last
    ? { results, after: Buffer.from(momentOf(last)).toString('base64url') }
    : { results };
}

const momentOf = ({ occurredAt, id }: PublicOccurrence) => `${occurredAt}#${id}`;

function cursorOf(after: string | undefined): string | undefined {
  if (!after) return undefined;
  const moment = Buffer.from(after, 'base64url').toString('utf8');
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z#./.test(moment)) return moment;
  throw new CrmError('VALIDATION_ERROR', `${after} is not a cursor of this API`);
}

async function placeOf(
  app: App,
  { objectType, objectId }: Wanted,
  eventName: string | undefined,
): Promise<{ partition: Pick<Query, 'pk' | 'index'>; prefix: string }> {
  if (objectType !== undefined && objectId !== undefined) {
    const type = await loadObjectType(app, objectType.toLowerCase());
    const pk = occurrencePartition({ objectType: type.objectTypeId, id: objectId });
    return { partition: { pk }, prefix: occurrencePrefix(eventName) };
  }
  if (eventName !== undefined) return { partition: { pk: occurrenceListing(eventName), index: 'gsi1' }, prefix: '' };
  throw new CrmError('VALIDATION_ERROR', 'Name a record by objectType and objectId, or an eventType');
}

/** After the greatest moment: every id is below this letter. */
const end = '\uffff';

function bounds(prefix: string, { occurredAfter, occurredBefore, ascending, after }: Wanted): [string, string] {
  const cursor = cursorOf(after);
  const earliest = occurredAfter ?? '0';
  const latest = occurredBefore === undefined ? end : `${occurredBefore}${end}`;
  const from = cursor !== undefined && ascending ? cursor : earliest;
  const to = cursor !== undefined && !ascending ? cursor : latest;
  return [`${prefix}${from}`, `${prefix}${to}`];
}

async function byIds(app: App, eventName: string | undefined, ids: readonly string[]): Promise<PublicOccurrence[]> {
  if (eventName === undefined)
    throw new CrmError('VALIDATION_ERROR', 'Events are read by their ids with their eventType');
  return app.table.getMany(
    ids.map((id) => occurrenceMarkKey(eventName, id)),
    PublicOccurrence,
  );
}
