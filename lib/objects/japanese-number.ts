import { readNumber } from './decimal.ts';

const digitOf: ReadonlyMap<string, string> = new Map([
  ...[...'〇一二三四五六七八九'].map((letter, digit) => [letter, String(digit)] as const),
  ...(['零0', '壱1', '壹1', '弐2', '貳2', '参3', '參3'] as const).map(
    (pair) => [pair.charAt(0), pair.charAt(1)] as const,
  ),
]);
const smallUnits: Readonly<Record<string, bigint>> = { 千: 1000n, 百: 100n, 十: 10n, 拾: 10n };
const largeUnits: readonly (readonly [string, bigint])[] = [
  ['兆', 10n ** 12n],
  ['億', 10n ** 8n],
  ['万', 10n ** 4n],
  ['', 1n],
];

/** An amount and the number of its decimal places. */
type Amount = { readonly value: bigint; readonly places: number };

const decimalNumber = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,12}))?$/;
const smallSteps = /(\d*)([千百十拾])/g;
const wholeOfSmall = /^(?:\d*千)?(?:\d*百)?(?:\d*[十拾])?\d*$/;

/**
 * A number as people write it in Japan, as decimal text: 12万, 1億2,000万, 1.5億円, ¥1,200, 三千五百, ▲300. Undefined for anything else:
 * commas stand before three digits, larger units before smaller ones.
 */
export function readJapaneseNumber(typed: string): string | undefined {
  const text = typed
    .normalize('NFKC')
    .replace(/\s*([兆億万千百十円¥])\s*/g, '$1')
    .trim();
  const [, sign = '', body = ''] = /^([+−▲△-]?)¥?([^¥円]+)円?$/.exec(text.replace(/^¥([−▲△-])/, '$1')) ?? [];
  const amount = body ? amountOf(body) : undefined;
  if (!amount) return undefined;
  return readNumber(`${sign && sign !== '+' ? '-' : ''}${textOf(amount)}`);
}

function amountOf(body: string): Amount | undefined {
  let rest = [...body].map((letter) => digitOf.get(letter) ?? letter).join('');
  const amounts: Amount[] = [];
  for (const [unit, factor] of largeUnits) {
    const end = unit ? rest.indexOf(unit) : rest.length;
    if (end < 0 || (end === 0 && !unit)) continue;
    const read = smallAmount(rest.slice(0, end));
    if (!read) return undefined;
    amounts.push({ value: read.value * factor, places: read.places });
    rest = rest.slice(end + unit.length);
  }
  return amounts.length > 0 ? amounts.reduce(sum) : undefined;
}

/** An amount below the large units: 1,200.5 or 三千五百 or 5千. */
function smallAmount(text: string): Amount | undefined {
  const [, whole, fraction = ''] = decimalNumber.exec(text) ?? [];
  if (whole !== undefined) return { value: BigInt(whole.replaceAll(',', '') + fraction), places: fraction.length };
  if (text === '' || !wholeOfSmall.test(text)) return undefined;
  let value = 0n;
  for (const [, digits, unit = ''] of text.matchAll(smallSteps))
    value += BigInt(digits || 1) * (smallUnits[unit] ?? 1n);
  return { value: value + BigInt(/\d*$/.exec(text)?.[0] || 0), places: 0 };
}

function sum(one: Amount, other: Amount): Amount {
  const places = Math.max(one.places, other.places);
  const scaled = ({ value, places: own }: Amount) => value * 10n ** BigInt(places - own);
  return { value: scaled(one) + scaled(other), places };
}

function textOf({ value, places }: Amount): string {
  const digits = String(value).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
