import { companyKey } from '../objects/company-key.ts';
import { foldName } from './letters.ts';

type Values = Readonly<Record<string, string>>;

/** Properties that the check of a contact looks at. */
export const lookedAt: readonly string[] = [
  'lastname',
  'firstname',
  'company',
  'email',
  'hubspot_owner_id',
  'phone',
  'mobilephone',
  'hs_searchable_calculated_phone_number',
  'hs_searchable_calculated_mobile_number',
];

/** 070, 080 and 090 are one person's; a landline is shared by a company. */
const isMobile = (phone: string) => /^(?:\+?81|0)[789]0/.test(phone);

/**
 * Signs that two contacts are one person: the same mobile number, the same other number with the same family name, an address that differs
 * in what mail providers ignore only, the same name in the same company.
 */
export function signsOf(values: Values): string[] {
  const lastname = fold(values.lastname);
  const name = [lastname, fold(values.firstname)];
  const phones = [values.hs_searchable_calculated_phone_number, values.hs_searchable_calculated_mobile_number].flatMap(
    (phone) => {
      if (!phone) return [];
      if (isMobile(phone)) return [`phone#${phone}`];
      return lastname ? [`phone#${phone}#${lastname}`] : [];
    },
  );
  const mail = mailSign(values.email ?? '');
  const company = name.every(Boolean) && values.company ? companyKey(values.company) : '';
  return [
    ...new Set([
      ...phones,
      ...(mail ? [`mail#${mail}`] : []),
      ...(company ? [`name#${name.join('#')}#${company}`] : []),
    ]),
  ].map((sign) => sign.slice(0, longestSign));
}

/** Far below DynamoDB's 2 KB for a key, whatever the letters. */
const longestSign = 400;

const fold = (text = '') => foldName(text).replace(/[\s#]/gu, '');

/** `a.b+news@googlemail.com` is the mailbox of `ab@gmail.com`; elsewhere only what follows a plus is ignored. */
function mailSign(email: string): string | undefined {
  const match = /^([^@+]+)(?:\+[^@]*)?@([^@]+)$/.exec(email.trim().toLowerCase());
  const [, local = '', domain = ''] = match ?? [];
  if (local === '') return undefined;
  const gmail = domain === 'gmail.com' || domain === 'googlemail.com';
  return gmail ? `${local.replace(/\./g, '')}@gmail.com` : `${local}@${domain}`;
}
