import * as z from 'zod/mini';
import type { Values } from '../objects/record.ts';
import type { Touch, Visits } from './visitor.ts';

const Conversion = z.object({ name: z.string(), at: z.string() });
export type Conversion = z.output<typeof Conversion>;

/** The forms that a contact sent. */
export const Conversions = z.object({ count: z.number(), first: Conversion, recent: Conversion });
export type Conversions = z.output<typeof Conversions>;

export const oneConversion = ({ name, at }: Conversion): Conversions => ({
  count: 1,
  first: { name, at },
  recent: { name, at },
});

/** Conversions added up, in any order. */
export const sumOf = (one: Conversions | undefined, other: Conversions | undefined): Conversions | undefined =>
  one && other
    ? {
        count: one.count + other.count,
        first: other.first.at < one.first.at ? other.first : one.first,
        recent: other.recent.at > one.recent.at ? other.recent : one.recent,
      }
    : (one ?? other);

type Current = Readonly<Record<string, string>>;

/** The properties that follow from a contact's visits and conversions; those that only a person may have set are left alone. */
export function contactValues(
  visits: Visits | undefined,
  conversions: Conversions | undefined,
  current: Current,
  wrote: readonly string[],
): Values {
  return {
    ...(visits && visitValues(visits)),
    ...(visits && sourceValues(visits.first, current, wrote)),
    ...(conversions && conversionValues(conversions)),
  };
}

/** A source that somebody chose stays; ours follows when an earlier visit comes to light. */
function sourceValues({ source, data1, data2 }: Touch, current: Current, wrote: readonly string[]): Values {
  const chosen = current.hs_analytics_source;
  if (chosen && !wrote.includes(chosen)) return {};
  return {
    hs_analytics_source: source,
    hs_analytics_source_data_1: data1 ?? null,
    hs_analytics_source_data_2: data2 ?? null,
  };
}

const visitValues = ({ first, latest, pageViews, visits, lastAt, lastUrl, lastReferrer }: Visits): Values => ({
  hs_analytics_first_timestamp: first.at,
  hs_analytics_first_visit_timestamp: first.at,
  hs_analytics_first_url: first.url,
  hs_analytics_first_referrer: first.referrer || null,
  hs_analytics_first_touch_converting_campaign: first.campaign ?? null,
  hs_analytics_last_touch_converting_campaign: latest.campaign ?? null,
  hs_analytics_last_timestamp: lastAt,
  hs_analytics_last_visit_timestamp: latest.at,
  hs_analytics_last_url: lastUrl,
  hs_analytics_last_referrer: lastReferrer || null,
  hs_analytics_num_page_views: String(pageViews),
  hs_analytics_num_visits: String(visits),
  hs_latest_source: latest.source,
  hs_latest_source_data_1: latest.data1 ?? null,
  hs_latest_source_data_2: latest.data2 ?? null,
  hs_latest_source_timestamp: latest.at,
});

const conversionValues = ({ count, first, recent }: Conversions): Values => ({
  num_conversion_events: String(count),
  first_conversion_event_name: first.name,
  first_conversion_date: first.at,
  recent_conversion_event_name: recent.name,
  recent_conversion_date: recent.at,
});
