import { readJapaneseNumber } from './japanese-number.ts';

/** The year before the first one of each era, and its first day. A date after an era's end is understood (平成35年), one before it is not. */
const eras: Readonly<Record<string, { readonly before: number; readonly from: string }>> = {
  令和: { before: 2018, from: '2019-05-01' },
  平成: { before: 1988, from: '1989-01-08' },
  昭和: { before: 1925, from: '1926-12-25' },
  大正: { before: 1911, from: '1912-07-30' },
  明治: { before: 1867, from: '1868-10-23' },
};
const letters: Readonly<Record<string, string>> = { r: '令和', h: '平成', s: '昭和', t: '大正', m: '明治' };

const digits = '[\\d〇一二三四五六七八九十]+';
const written = new RegExp(
  `^(?<era>令和|平成|昭和|大正|明治|西暦)?(?<year>元|${digits})年(?<month>${digits})月(?<day>${digits})日` +
    '(?:\\([日月火水木金土](?:曜日?)?\\))?(?<rest>.*)$',
);
const short =
  /^(?<era>令和|平成|昭和|大正|明治|[rhstm])\.?(?<year>元|\d{1,2})(?<sign>[./-])(?<month>\d{1,2})\k<sign>(?<day>\d{1,2})(?: (?<rest>.*))?$/i;
const clock = /^(午前|午後)?(\d{1,2})(?::|時)(\d{1,2})?分?$/;

/** A day as `2022-12-01`, from 2022年12月1日, 令和四年十二月一日, 令和元年…, R4.12.1; a day of the week in brackets is passed over. */
export function readJapaneseDay(typed: string): string | undefined {
  const read = partsOf(typed);
  return read && read.rest === '' ? read.day : undefined;
}

/** A day and a time of Japan (10:00, 10時30分, 午後3時) in UTC; a day alone as midnight UTC, as ISO days are read. */
export function readJapaneseTime(typed: string): string | undefined {
  const read = partsOf(typed);
  if (!read) return undefined;
  if (read.rest === '') return `${read.day}T00:00:00.000Z`;
  const [, half, hourText, minuteText = '0'] = clock.exec(read.rest) ?? [];
  const hour = Number(hourText) + (half === '午後' && Number(hourText) < 12 ? 12 : 0);
  const minute = Number(minuteText);
  if (hourText === undefined || hour > 23 || minute > 59) return undefined;
  const two = (number: number) => String(number).padStart(2, '0');
  return new Date(`${read.day}T${two(hour)}:${two(minute)}:00+09:00`).toISOString();
}

function partsOf(typed: string): { readonly day: string; readonly rest: string } | undefined {
  const text = typed
    .normalize('NFKC')
    .replace(/\s*([年月日時()元./:-])\s*/g, '$1')
    .replace(/(午前|午後)\s+/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const parts = (written.exec(text) ?? short.exec(text))?.groups;
  const day = parts && dayOf(parts);
  return day === undefined ? undefined : { day, rest: parts?.rest?.trim() ?? '' };
}

type Parts = Readonly<Record<string, string | undefined>>;

function dayOf({ era = '', year = '', month = '', day = '' }: Parts): string | undefined {
  const known = eras[letters[era.toLowerCase()] ?? era];
  const numbers = [known && year === '元' ? 1 : numberOf(year), numberOf(month), numberOf(day)];
  const [yearNumber] = numbers;
  if (yearNumber === undefined || (known ? yearNumber < 1 || yearNumber > 99 : yearNumber < 1000)) return undefined;
  const text = numbers
    .map((part, at) => (at === 0 ? String(yearNumber + (known?.before ?? 0)) : String(part).padStart(2, '0')))
    .join('-');
  const time = Date.parse(`${text}T00:00:00Z`);
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  return exists && (!known || text >= known.from) ? text : undefined;
}

function numberOf(text: string): number | undefined {
  const read = readJapaneseNumber(text);
  return read === undefined ? undefined : Number(read);
}
