import * as z from 'zod/mini';
import { Actor } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import { mayAccess } from '../core/scopes.ts';
import type { ObjectType } from '../objects/definition.ts';
import { listObjectTypes, loadObjectType } from '../objects/definition-store.ts';
import { CrmRecord, sourceTypes } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationKey, associationPrefix, type RecordRef, recordKey } from '../table/keys.ts';
import { namedActors } from './actor-names.ts';
import { type Kind, type Labels, type PublicEntry, textOf } from './event-entry.ts';
import { cursorOf, type Position } from './position.ts';
import { activityKinds, activitySource, type Found, logSource, newestOf, type Source } from './sources.ts';
import { visitEntry, visitSources } from './visits.ts';
import { type Language, type Words, wordsOf } from './words.ts';

/** Types of records whose dealings a timeline takes over: people, companies, deals, tickets and what a company defines itself. */
const related = ['0-1', '0-2', '0-3', '0-5'];
const answers = '0-19';
/** Associated records whose dealings are shown, newest first, for each of these types. */
const mostRelated = 10;
const readsAtOnce = 8;

export type TimelineQuery = {
  readonly after?: Position;
  readonly limit: number;
  readonly kinds?: readonly string[];
  readonly language: Language;
};

type Page = { readonly entries: PublicEntry[]; readonly after?: string };

/**
 * What happened with a record, newest first: its own events, those of records that were merged into it, its activities, the pages that
 * a contact saw (also before it was known, in up to 20 browsers, for 13 months), and the
 * dealings (activities, mail, forms, surveys, custom events) of up to 10 associated contacts, companies, deals and tickets each; answers
 * to surveys that are about the record itself, a ticket or a deal, are its own, whoever gave them. They come with the association and go
 * with it, for nothing is copied. Activities and associated records of types that the token may not read
 * are left out. A page makes a bounded number of queries, whatever the logs hold.
 */
export async function readTimeline(app: App, record: CrmRecord, query: TimelineQuery): Promise<Page> {
  const { after, limit, kinds, language } = query;
  const wanted = (kind: Kind) => !kinds || kinds.includes(kind);
  const sources = await sourcesOf(app, record, wanted);
  const page = await newestOf(sources, after, limit);
  const entries = await entriesOf(app, record, page.found, wordsOf(language));
  return { entries, ...(page.after && { after: cursorOf(page.after) }) };
}

async function sourcesOf(app: App, record: CrmRecord, wanted: (kind: Kind) => boolean): Promise<Source[]> {
  const merged = (record.properties.hs_merged_object_ids ?? '').split(';').filter(Boolean);
  const own = [record, ...merged.map((id) => ({ objectType: record.objectType, id }))];
  const neighbours = await relatedTo(app, record);
  return [
    ...own.map((ref) => logSource(app, ref, wanted)),
    ...(record.objectType === '0-1' && wanted('visit') ? await visitSources(app, own) : []),
    ...activitiesOf(app, record, wanted),
    ...answersAbout(app, record, wanted),
    ...neighbours.flatMap((ref) => [logSource(app, ref, wanted, ref), ...activitiesOf(app, ref, wanted, ref)]),
  ];
}

const activitiesOf = (app: App, ref: RecordRef, wanted: (kind: Kind) => boolean, via?: RecordRef): Source[] =>
  Object.entries(activityKinds).flatMap(([objectType, kind]) =>
    wanted(kind) && mayAccess(app, objectType, 'read') ? [activitySource(app, ref, objectType, kind, via)] : [],
  );

/** A contact's answers are events of its log. */
const answersAbout = (app: App, record: CrmRecord, wanted: (kind: Kind) => boolean): Source[] =>
  record.objectType !== '0-1' && wanted('survey') && mayAccess(app, answers, 'read')
    ? [activitySource(app, record, answers, 'survey')]
    : [];

const Pair = z.object({ toId: z.string() });

async function relatedTo(app: App, record: CrmRecord): Promise<RecordRef[]> {
  if (activityKinds[record.objectType]) return [];
  const custom = (await listObjectTypes(app)).filter((type) => type.custom).map(({ objectTypeId }) => objectTypeId);
  const readable = [...related, ...custom].filter((objectType) => mayAccess(app, objectType, 'read'));
  const pages = await inParallel(readable, readsAtOnce, async (objectType) => {
    const page = await app.table.query(
      {
        pk: associationKey(record, record).pk,
        prefix: associationPrefix(objectType),
        descending: true,
        limit: mostRelated,
      },
      Pair,
    );
    return page.items.map(({ toId }) => ({ objectType, id: toId }));
  });
  return pages.flat();
}

async function entriesOf(app: App, record: CrmRecord, found: readonly Found[], words: Words): Promise<PublicEntry[]> {
  const activities = await activitiesIn(app, found);
  const labels = await labelsFor(app, found);
  const drafts = found.flatMap((each): PublicEntry[] => {
    const via = each.via && { via: { objectType: each.via.objectType, id: each.via.id } };
    if ('event' in each) return [{ ...eventEntry(each, words, labels), ...via }];
    if ('view' in each) return [{ ...visitEntry(each, each.view, record, words), ...via }];
    const activity = activities.get(each.activity.id);
    if (!activity) return [];
    const entry = each.kind === 'survey' ? answerEntry(activity, words) : activityEntry(each, activity, words);
    return [{ ...entry, ...via }];
  });
  const named = await namedActors(
    app,
    drafts.map(({ actor }) => actor),
  );
  return drafts.map((entry) => ({ ...entry, actor: named(entry.actor) }));
}

/** The activities of a page as they are now; one that was deleted meanwhile is left out. */
async function activitiesIn(app: App, found: readonly Found[]): Promise<ReadonlyMap<string, CrmRecord>> {
  const refs = found.flatMap((each) => ('activity' in each ? [recordKey(each.activity)] : []));
  const records = await app.table.getMany(refs, CrmRecord);
  return new Map(records.filter(({ archivedAt }) => !archivedAt).map((record) => [record.id, record]));
}

async function labelsFor(app: App, found: readonly Found[]): Promise<(objectType: string) => Labels> {
  const types = [...new Set(found.flatMap((each) => ('event' in each ? [each.event.detail.objectType] : [])))];
  const loaded = await inParallel(types, readsAtOnce, (objectType) => loadObjectType(app, objectType));
  const byId = new Map<string, ObjectType>(loaded.map((type) => [type.objectTypeId, type]));
  const names = new Map((await listObjectTypes(app)).map(({ objectTypeId, labels }) => [objectTypeId, labels.plural]));
  return (objectType) => ({
    property: (name) => byId.get(objectType)?.properties.get(name)?.label ?? name,
    objectType: (id) => names.get(id) ?? id,
  });
}

function eventEntry(
  { event, kind }: Extract<Found, { event: unknown }>,
  words: Words,
  labels: (objectType: string) => Labels,
): PublicEntry {
  const { id, occurredAt, actor, objectType, recordId, changeSetId } = event.detail;
  const text = textOf(event, words, labels(objectType));
  return { id, kind, occurredAt, actor, ...text, objectType, recordId, ...(changeSetId && { changeSetId }) };
}

const titles = ['hs_email_subject', 'hs_call_title', 'hs_meeting_title', 'hs_task_subject'];

/** An activity by its own title, when it has one. */
function activityEntry(
  { kind }: Found,
  { id, objectType, properties, createdAt }: CrmRecord,
  words: Words,
): PublicEntry {
  const title = titles.map((name) => properties[name]).find(Boolean) ?? words.activity[kind] ?? kind;
  const { hs_body_preview: body, hs_timestamp: activityAt } = properties;
  return {
    id,
    kind,
    occurredAt: createdAt,
    ...(activityAt && { activityAt }),
    actor: authorOf(properties),
    title,
    ...(body && { body }),
    objectType,
    recordId: id,
  };
}

/** An answer to a survey as it is now. */
function answerEntry({ id, objectType, properties, createdAt }: CrmRecord, words: Words): PublicEntry {
  const { hs_value: score, hs_content: body } = properties;
  return {
    id,
    kind: 'survey',
    occurredAt: createdAt,
    actor: authorOf(properties),
    title: words.surveyAnswered(score ? Number(score) : undefined),
    ...(body && { body }),
    objectType,
    recordId: id,
  };
}

/** Who made a record, as its system properties say. */
function authorOf({ hs_object_source: source, hs_object_source_id: id = '' }: CrmRecord['properties']): Actor {
  const kind = Object.entries(sourceTypes).find(([, name]) => name === source)?.[0];
  return Actor.parse({ kind: kind ?? 'system', id });
}
