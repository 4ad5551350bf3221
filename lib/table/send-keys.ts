import { type Key, sendPartition } from './keys.ts';

/** What the last look at a send's audience found. */
export const sendPreviewKey = (sendId: string): Key => ({ pk: sendPartition(sendId), sk: 'preview' });
/** Who of the audience gets no mail, and why. */
export const excludedPrefix = 'excluded#';
export const excludedKey = (sendId: string, contactId: string): Key => ({
  pk: sendPartition(sendId),
  sk: `${excludedPrefix}${contactId}`,
});

/** What people decided about all mail: the fatigue policy, working days, the warm-up. */
export const mailSettingKey = (name: 'fatigue' | 'business-hours' | 'warm-up'): Key => ({
  pk: 'mail-settings',
  sk: name,
});

/** The surveys that the people of an advertiser were sent within the policy's days. */
export const advertiserSurveysKey = (advertiserId: string): Key => ({ pk: `fatigue#${advertiserId}`, sk: 'surveys' });

/** What was opened and clicked in a mail of a send. */
export const mailHitsPrefix = 'mail-hits#';
export const mailHitsKey = (contactId: string, sendId: string): Key => ({
  pk: `0-1#${contactId}`,
  sk: `${mailHitsPrefix}${sendId}`,
});

/** gsi1: mails of flows to a contact by time. */
export const otherMailListing = (contactId: string) => `mails-of#${contactId}`;
