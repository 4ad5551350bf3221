import * as z from 'zod/mini';
import { StoredPair } from '../associations/pair.ts';
import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationPrefix, recipientKey, recordKey } from '../table/keys.ts';
import { advertiserSurveysKey } from '../table/send-keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { Recipient } from './recipient.ts';
import type { Send } from './schema.ts';

const readsAtOnce = 10;
/** Of somebody with more deals or tickets than that, these count. */
const mostAssociated = 100;
/** Longer than any policy may look back. */
const keptDays = 366;
const mostMarks = 1000;
const dayMs = 86_400_000;

/** The records of a type that are associated with each contact: a query for each, and a read for each hundred records. */
export async function associatedWith(
  app: App,
  contactIds: readonly string[],
  objectType: '0-3' | '0-5',
): Promise<ReadonlyMap<string, readonly CrmRecord[]>> {
  const pairs = await inParallel(contactIds, readsAtOnce, async (id) => {
    const { pk } = recordKey({ objectType: '0-1', id });
    const query = { pk, prefix: associationPrefix(objectType), limit: mostAssociated, descending: true };
    return (await app.table.query(query, StoredPair)).items;
  });
  const keys = pairs.flat().map(({ toId }) => recordKey({ objectType, id: toId }));
  const records = new Map((await app.table.getMany(keys, CrmRecord)).map((record) => [record.id, record]));
  return new Map(
    contactIds.map((id, position) => [
      id,
      (pairs[position] ?? []).flatMap(({ toId }) => {
        const record = records.get(toId);
        return record && record.archivedAt === undefined ? [record] : [];
      }),
    ]),
  );
}

/** The 広告主IDs that a survey to each contact counts for: of the deal that it is about, else of all deals of the contact. */
export async function advertisersOf(
  app: App,
  contactIds: readonly string[],
  about: Send['about'],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (about?.objectType === '0-3') {
    const deal = await app.table.get(recordKey({ objectType: '0-3', id: about.recordId }), CrmRecord);
    const ids = deal?.properties.advertiser_id ? [deal.properties.advertiser_id] : [];
    return new Map(contactIds.map((id) => [id, ids]));
  }
  const deals = await associatedWith(app, contactIds, '0-3');
  const idsOf = (records: readonly CrmRecord[]) => [
    ...new Set(records.flatMap(({ properties }) => properties.advertiser_id || [])),
  ];
  return new Map([...deals].map(([contactId, records]) => [contactId, idsOf(records)]));
}

export const Surveys = z.object({
  advertiserId: z.string(),
  version: z.number(),
  marks: z.array(z.object({ sendId: z.string(), contactId: z.string(), at: z.string() })),
});
/** The surveys that went, or are on their way, to people of an advertiser. */
export type Surveys = z.output<typeof Surveys>;

/** What is counted for each advertiser, without mails that were cancelled or refused since: nothing was asked by these. */
export async function surveysOf(app: App, advertiserIds: readonly string[]): Promise<ReadonlyMap<string, Surveys>> {
  const distinct = [...new Set(advertiserIds)];
  const stored = await app.table.getMany(distinct.map(advertiserSurveysKey), Surveys);
  const found = new Map(stored.map((each) => [each.advertiserId, each]));
  const since = new Date(Date.parse(app.now()) - keptDays * dayMs).toISOString();
  const rows = await app.table.getMany(
    stored.flatMap(({ marks }) => marks.map(({ contactId, sendId }) => recipientKey(contactId, sendId))),
    Recipient,
  );
  const withdrawn = new Set(
    rows.flatMap(({ state, contactId, sendId }) =>
      state === 'CANCELLED' || state === 'FAILED' ? [`${contactId} ${sendId}`] : [],
    ),
  );
  const counts = ({ contactId, sendId, at }: Surveys['marks'][number]) =>
    at > since && !withdrawn.has(`${contactId} ${sendId}`);
  return new Map(
    distinct.map((advertiserId) => {
      const { version = 0, marks = [] } = found.get(advertiserId) ?? {};
      return [advertiserId, { advertiserId, version, marks: marks.filter(counts) }];
    }),
  );
}

/** Counts one more survey for an advertiser, while its counter is as it was read. */
export function surveyStep({ advertiserId, version, marks }: Surveys, mark: Surveys['marks'][number]): Step {
  const put = {
    ...advertiserSurveysKey(advertiserId),
    entity: 'advertiser-surveys',
    advertiserId,
    version: version + 1,
    marks: [...marks, mark].slice(-mostMarks),
    expiresAt: Math.floor(Date.parse(mark.at) / 1000) + keptDays * 86_400,
  };
  return orStale({ put, when: version === 0 ? absent : versionIs(version) });
}
