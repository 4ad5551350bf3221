import { CrmError } from '../core/errors.ts';
import type { Language } from '../pages/words.ts';

/** A kind of mail that people can get or not get, apart from the other kinds. */
export type SubscriptionType = {
  readonly id: string;
  readonly name: Readonly<Record<Language, string>>;
  readonly description: Readonly<Record<Language, string>>;
  readonly purpose: string;
};

/** The kinds stand in code: each bulk mail belongs to one of them. */
export const subscriptionTypes: readonly SubscriptionType[] = [
  {
    id: '1',
    name: { ja: 'アンケート', en: 'Surveys' },
    description: {
      ja: 'サービスの満足度などをお伺いするアンケート（NPS・CESなど）',
      en: 'Surveys about your satisfaction with our service',
    },
    purpose: 'Customer feedback',
  },
  {
    id: '2',
    name: { ja: 'お知らせ・キャンペーン', en: 'News and campaigns' },
    description: {
      ja: '新機能、特集、キャンペーン、イベントのご案内',
      en: 'News about features, special offers, campaigns and events',
    },
    purpose: 'Marketing',
  },
  {
    id: '3',
    name: { ja: 'ご依頼・ご確認', en: 'Requests' },
    description: {
      ja: 'テストのご依頼、掲載可否の確認など、お取引に関するご連絡',
      en: 'Requests about our work together, such as tests and placements',
    },
    purpose: 'Business relations',
  },
];

export const findSubscriptionType = (id: string): SubscriptionType | undefined =>
  subscriptionTypes.find((type) => type.id === id);

/** @throws CrmError 400 naming the field */
export function subscriptionTypeOf(id: string, field: string): SubscriptionType {
  const type = findSubscriptionType(id);
  if (type) return type;
  const message = `${field}: no subscription type has the id ${id}`;
  throw new CrmError('VALIDATION_ERROR', `Invalid input: ${message}`, {
    errors: [{ message, code: 'INVALID_VALUE', in: field }],
    context: { fields: [field] },
  });
}
