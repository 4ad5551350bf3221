import { readPhone } from '../objects/phone.ts';

/** What a record says of itself that another record can be found by. */
export type Evidence = {
  readonly advertiserIds: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
};

const textProperties = [
  'subject',
  'content',
  'dealname',
  'description',
  'hs_email_subject',
  'hs_email_text',
  'hs_email_html',
  'hs_note_body',
  'hs_call_title',
  'hs_call_body',
  'hs_meeting_title',
  'hs_meeting_body',
  'hs_task_subject',
  'hs_task_body',
];
const addressProperties = [
  'hs_email_from_email',
  'hs_email_to_email',
  'hs_email_cc_email',
  'hs_email_headers',
  'email',
];
const phoneProperties = ['hs_call_from_number', 'hs_call_to_number', 'phone', 'mobilephone'];

/** So much of a long text is looked at. */
const mostLetters = 20_000;
const mostIds = 20;
const mostAddresses = 10;
const mostPhones = 4;

const dashes = /[‐-―−]/g;
/** An id has a digit; words and dates with slashes are none. */
const idLike = /[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])/gi;
const address = /[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/gi;

/**
 * The 広告主ID of a record, or what may be one in its subject and text, in any width and case; addresses of sender and recipients, and
 * those in the text; numbers that were called, or called, in any notation.
 */
export function evidenceOf(properties: Readonly<Record<string, string>>): Evidence {
  const values = (names: readonly string[]) => names.flatMap((name) => properties[name] ?? []);
  const text = plain(values(textProperties).join('\n'));
  const own = properties.advertiser_id ? [plain(properties.advertiser_id).trim()] : [];
  const ids = [...text.replace(address, ' ').matchAll(idLike)].flatMap(([id]) => withoutWord(id)).filter(hasDigit);
  const addresses = [...plain(values(addressProperties).join('\n')).matchAll(address), ...text.matchAll(address)];
  return {
    advertiserIds: first(mostIds, [...own, ...ids]),
    emails: first(
      mostAddresses,
      addresses.map(([found]) => found.toLowerCase()),
    ),
    phones: first(
      mostPhones,
      values(phoneProperties).flatMap((typed) => readPhone(typed).e164 ?? []),
    ),
  };
}

const hasDigit = (id: string) => /\d/.test(id);

/** 「広告主ID123」 is the id 123, or one that begins with ID. */
const withoutWord = (id: string): string[] => [id, ...(/^id[-_]?(.{2,})$/i.exec(id)?.slice(1) ?? [])];

const plain = (text: string) =>
  text
    .slice(0, mostLetters)
    .replace(/<\/?[a-z][^<>@]{0,2000}>/gi, ' ')
    .normalize('NFKC')
    .replace(dashes, '-');

const first = (most: number, values: readonly string[]): string[] => [...new Set(values)].slice(0, most);
