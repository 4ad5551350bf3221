import { addressee } from '../mail/addressee.ts';

const zone = 'Asia/Tokyo';
const day = new Intl.DateTimeFormat('ja-JP', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  weekday: 'short',
});
const clock = new Intl.DateTimeFormat('ja-JP', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const era = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { timeZone: zone, dateStyle: 'long' });
const yenForm = new Intl.NumberFormat('ja-JP', { maximumFractionDigits: 0 });

/** A property's time (ISO 8601 or milliseconds) or `"now"`; undefined for anything else. */
function momentOf(value: unknown): Date | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = String(value);
  const time = text === 'now' ? new Date() : new Date(/^\d{11,}$/.test(text) ? Number(text) : text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

const written = (value: unknown, write: (time: Date) => string): string => {
  const time = momentOf(value);
  return time ? write(time) : String(value ?? '');
};

/** 2022/12/01(木) */
export const japaneseDay = (value: unknown): string => written(value, (time) => day.format(time));
/** 2022/12/01(木) 10:00 */
export const japaneseTime = (value: unknown): string =>
  written(value, (time) => `${day.format(time)} ${clock.format(time)}`);
/** 令和4年12月1日 */
export const japaneseEra = (value: unknown): string => written(value, (time) => era.format(time));
/** 12,000円 */
export function yen(value: unknown): string {
  const amount = Number(value);
  return value === undefined || value === null || value === '' || Number.isNaN(amount)
    ? String(value ?? '')
    : `${yenForm.format(amount)}円`;
}

/** 「田中 様」, 「株式会社例 御中」 or 「ご担当者様」, of a contact's properties. */
export function honorific(contact: unknown): string {
  const { lastname, firstname, company } = (contact ?? {}) as Record<string, string | undefined>;
  return addressee({ lastname, firstname, company });
}
