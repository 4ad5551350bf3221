import { validation } from './errors.ts';

/** 0.DIGITS × 10^point; digits carry no leading or trailing zeros, zero has none at all. */
type Decimal = { negative: boolean; digits: string; point: number };

const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;
const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;

function trimmed(negative: boolean, digits: string, point: number): Decimal {
  const significant = digits.replace(/^0+/, '');
  const shifted = point - (digits.length - significant.length);
  const kept = significant.replace(/0+$/, '');
  return kept === '' ? { negative: false, digits: '', point: 0 } : { negative, digits: kept, point: shifted };
}

function parse(text: string): Decimal {
  const [matched, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (matched === undefined || whole + fraction === '') {
    const shown = text === '' ? '' : `: ${text}`;
    throw validation(`The parameter cannot be converted to a numeric value${shown}`);
  }
  return trimmed(sign === '-', whole + fraction, whole.length + Number(exponent));
}

function checkRange({ digits, point }: Decimal): void {
  if (digits === '') return;
  if (point - 1 > MAX_EXPONENT) {
    throw validation('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (point - 1 < MIN_EXPONENT) {
    throw validation('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (digits.length > MAX_DIGITS) throw validation('Attempting to store more than 38 significant digits in a Number');
}

function format({ negative, digits, point }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The one text that DynamoDB stores for a number: no exponent, no superfluous zeros. Throws on what it would refuse. */
export function canonicalNumber(text: string): string {
  if (PLAIN_INTEGER.test(text)) return text;
  const value = parse(text);
  checkRange(value);
  return format(value);
}

function unscaled({ negative, digits }: Decimal, zeros: number): bigint {
  const magnitude = BigInt((digits || '0') + '0'.repeat(zeros));
  return negative ? -magnitude : magnitude;
}

/** Exact sum or difference of two canonical numbers, refused when it needs more than 38 digits. */
export function addNumbers(left: string, right: string, operator: '+' | '-'): string {
  const a = parse(left);
  const b = parse(right);
  const scale = Math.min(a.point - a.digits.length, b.point - b.digits.length);
  const x = unscaled(a, a.point - a.digits.length - scale);
  const y = unscaled(b, b.point - b.digits.length - scale);
  const sum = operator === '+' ? x + y : x - y;
  const digits = (sum < 0n ? -sum : sum).toString();
  const result = trimmed(sum < 0n, digits, digits.length + scale);
  checkRange(result);
  return format(result);
}

/** A text whose character order is the order of the numbers. */
export function sortableNumber(canonical: string): string {
  const { negative, digits, point } = parse(canonical);
  if (digits === '') return '1';
  if (!negative) return `2${point + 500}${digits}`;
  const complement = digits.replace(/\d/g, (digit) => String(9 - Number(digit)));
  // '~' sorts after every digit: of two negative numbers the longer one is the smaller.
  return `0${499 - point}${complement}~`;
}

export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0;
  if (PLAIN_INTEGER.test(left) && PLAIN_INTEGER.test(right)) return Number(left) - Number(right);
  return sortableNumber(left) < sortableNumber(right) ? -1 : 1;
}

/** Bytes that a canonical number occupies: one, and one for each pair of digits aligned at the decimal point. */
export function numberSize(canonical: string): number {
  const { negative, digits, point } = parse(canonical);
  if (digits === '') return 1;
  const misaligned = digits.length % 2 === 0 && point % 2 !== 0 ? 1 : 0;
  return 1 + Math.ceil(digits.length / 2) + misaligned + (negative ? 1 : 0);
}
