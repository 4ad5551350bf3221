import * as z from 'zod/mini';

const Words = z.object({ ja: z.string(), en: z.string() });

/**
 * What an address must have said before mail of a kind goes to it: `NONE` nothing (it gets it until it says no), `SINGLE` yes, `DOUBLE` yes,
 * and yes again by the link of a mail to the address.
 */
export const OptIn = z.enum(['NONE', 'SINGLE', 'DOUBLE']);
export type OptIn = z.output<typeof OptIn>;

/** A kind of mail that people can get or not get, apart from the other kinds. */
export const SubscriptionType = z.object({
  id: z.string(),
  name: Words,
  description: Words,
  purpose: z.string(),
  communicationMethod: z.string(),
  optIn: OptIn,
  /** New mail and new wishes take active kinds only. */
  isActive: z.boolean(),
  /** Not listed on the preferences page; its own link stops it all the same. */
  isInternal: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type SubscriptionType = z.output<typeof SubscriptionType>;

/** They are there from the first version of this installation on. */
const since = '2026-11-01T00:00:00.000Z';
const usual = {
  communicationMethod: 'Email',
  optIn: 'NONE',
  isActive: true,
  isInternal: false,
  createdAt: since,
  updatedAt: since,
} as const;

/** The kinds that are there without set-up; a stored definition of the same id takes its place. */
export const defaultTypes: readonly SubscriptionType[] = [
  {
    id: '1',
    name: { ja: 'アンケート', en: 'Surveys' },
    description: {
      ja: 'サービスの満足度などをお伺いするアンケート（NPS・CESなど）',
      en: 'Surveys about your satisfaction with our service',
    },
    purpose: 'Customer feedback',
    ...usual,
  },
  {
    id: '2',
    name: { ja: 'お知らせ・キャンペーン', en: 'News and campaigns' },
    description: {
      ja: '新機能、特集、キャンペーン、イベントのご案内',
      en: 'News about features, special offers, campaigns and events',
    },
    purpose: 'Marketing',
    ...usual,
  },
  {
    id: '3',
    name: { ja: 'ご依頼・ご確認', en: 'Requests' },
    description: {
      ja: 'テストのご依頼、掲載可否の確認など、お取引に関するご連絡',
      en: 'Requests about our work together, such as tests and placements',
    },
    purpose: 'Business relations',
    ...usual,
  },
];

export const isDefaultType = (id: string): boolean => defaultTypes.some((type) => type.id === id);

/** The default kinds as people changed them, and those that people added, by id. */
export const withDefaults = (stored: readonly SubscriptionType[]): SubscriptionType[] => [
  ...defaultTypes.map((type) => stored.find(({ id }) => id === type.id) ?? type),
  ...stored.filter(({ id }) => !isDefaultType(id)),
];
