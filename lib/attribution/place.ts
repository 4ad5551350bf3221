import * as z from 'zod/mini';
import type { CrmRecord } from '../objects/record.ts';
import { amountOf } from '../reports/amount.ts';
import { dayOfValue } from '../reports/bucket.ts';
import { groupValue } from '../reports/cell.ts';
import { pageOfAddress } from '../tracking/source.ts';

/** By what the attribution is told. */
export const Dimension = z.enum(['source', 'campaign', 'page']);
export type Dimension = z.output<typeof Dimension>;
export const dimensions = Dimension.options;

/** What is counted: people, and what they bought (whole units and millionths, so that sums are exact). */
export const Figures = z.object({
  firstTouch: z._default(z.number(), 0),
  leads: z._default(z.number(), 0),
  opportunities: z._default(z.number(), 0),
  customers: z._default(z.number(), 0),
  deals: z._default(z.number(), 0),
  whole: z._default(z.number(), 0),
  micro: z._default(z.number(), 0),
});
export type Figures = z.output<typeof Figures>;

/** Where a record counts: on the day (in Japan) when the person was first attracted, under the keys of that first touch. */
export const Place = z.object({
  day: z.string(),
  keys: z.object({ source: z.string(), campaign: z.optional(z.string()), page: z.optional(z.string()) }),
  figures: Figures,
});
export type Place = z.output<typeof Place>;

const zone = 'Asia/Tokyo';
/** The way of a person; who is at a stage has been at those before it. */
const reached: Readonly<Record<string, number>> = {
  lead: 1,
  marketingqualifiedlead: 1,
  salesqualifiedlead: 1,
  opportunity: 2,
  customer: 3,
  evangelist: 3,
};

export const nothing: Figures = {
  firstTouch: 0,
  leads: 0,
  opportunities: 0,
  customers: 0,
  deals: 0,
  whole: 0,
  micro: 0,
};

/** Properties of contacts and deals by which a place may change. */
export const placing: Readonly<Record<string, readonly string[]>> = {
  '0-1': [
    'hs_analytics_source',
    'hs_analytics_first_touch_converting_campaign',
    'hs_analytics_first_url',
    'hs_analytics_first_timestamp',
    'createdate',
    'lifecyclestage',
  ],
  '0-3': ['amount', 'hs_is_closed_won'],
};

/** When somebody was first attracted: the first visit, or the contact's creation where no visit is known. */
const attractedAt = ({ properties, createdAt }: CrmRecord): string =>
  properties.hs_analytics_first_timestamp ?? properties.createdate ?? createdAt;

function keysOf({ properties }: CrmRecord): Place['keys'] {
  const campaign = groupValue(properties.hs_analytics_first_touch_converting_campaign);
  const page = groupValue(pageOfAddress(properties.hs_analytics_first_url ?? ''));
  return {
    source: groupValue(properties.hs_analytics_source) || 'OFFLINE',
    ...(campaign && { campaign }),
    ...(page && { page }),
  };
}

/** Where a contact counts; nowhere in the archive. One without a known visit came by other ways (`OFFLINE`). */
export function placeOfContact(contact: CrmRecord | undefined): Place | undefined {
  const day = contact && dayOfValue(attractedAt(contact), zone);
  if (!contact || contact.archivedAt !== undefined || day === undefined) return undefined;
  const stage = reached[contact.properties.lifecyclestage ?? ''] ?? 0;
  const figures = {
    ...nothing,
    firstTouch: 1,
    leads: stage >= 1 ? 1 : 0,
    opportunities: stage >= 2 ? 1 : 0,
    customers: stage >= 3 ? 1 : 0,
  };
  return { day, keys: keysOf(contact), figures };
}

/** Where the amount of a won deal counts: once, with the one of its contacts who was attracted first. */
export function placeOfDeal(deal: CrmRecord | undefined, contacts: readonly CrmRecord[]): Place | undefined {
  const amount = amountOf(deal?.properties.amount);
  const first = contacts
    .filter(({ archivedAt }) => archivedAt === undefined)
    .toSorted((a, b) =>
      attractedAt(a) < attractedAt(b) || (attractedAt(a) === attractedAt(b) && a.id < b.id) ? -1 : 1,
    )[0];
  const place = placeOfContact(first);
  if (!deal || deal.archivedAt !== undefined || deal.properties.hs_is_closed_won !== 'true' || !amount || !place)
    return undefined;
  return { ...place, figures: { ...nothing, deals: 1, ...amount } };
}
