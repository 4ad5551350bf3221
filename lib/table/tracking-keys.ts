import type { Key } from './keys.ts';

/** What is known of one browser, under the id in its cookie (`hutk`): its page views and its events lie with it. */
export const visitorPartition = (hutk: string) => `visitor#${hutk}`;
export const visitorKey = (hutk: string): Key => ({ pk: visitorPartition(hutk), sk: 'visitor' });
/** Page views by the time in their ids (ULIDs). */
export const pageViewPrefix = 'view#';
export const pageViewKey = (hutk: string, id: string): Key => ({
  pk: visitorPartition(hutk),
  sk: `${pageViewPrefix}${id}`,
});
/** A page view of a browser whose clock is wrong lies at the time when it came; this row knows it by its own id. */
export const pageViewMarkPrefix = 'seen#';
export const pageViewMarkKey = (hutk: string, id: string): Key => ({
  pk: visitorPartition(hutk),
  sk: `${pageViewMarkPrefix}${id}`,
});
/** Custom events of a page that wait until they are told of the visitor's contact. */
export const pageEventPrefix = 'page-event#';
export const pageEventKey = (hutk: string, id: string): Key => ({
  pk: visitorPartition(hutk),
  sk: `${pageEventPrefix}${id}`,
});

/** A contact to whom the visitor belongs as soon as its first page view comes. */
export const awaitedLinkKey = (hutk: string): Key => ({ pk: visitorPartition(hutk), sk: 'awaited' });

/** With the contact: the visitors that it is or was. */
export const visitorLinkPrefix = 'visitor#';
export const visitorLinkKey = (contactId: string, hutk: string, linkId: string): Key => ({
  pk: `0-1#${contactId}`,
  sk: `${visitorLinkPrefix}${hutk}#${linkId}`,
});
/** With the contact: its conversions, and the turn of those who write what its visits come to. */
const trackingState = 'tracking';
export const trackingStateKey = (contactId: string): Key => ({ pk: `0-1#${contactId}`, sk: trackingState });
/** Rows of a contact that go with it, but for the links to its visitors. */
export const trackedPrefixes = [trackingState, 'conversion#'] as const;
/** A form's submission that has been counted as a conversion of the contact. */
export const conversionKey = (contactId: string, submissionId: string): Key => ({
  pk: `0-1#${contactId}`,
  sk: `conversion#${submissionId}`,
});

/** A host whose pages run `t.js`. */
export const trackedHostKey = (host: string): Key => ({ pk: `tracked-host#${host}`, sk: 'host' });
