import { readNumber } from '../objects/decimal.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { readDatetime, readDay } from '../objects/moment.ts';
import type { ValueKind } from './schema.ts';

/** A value in the one spelling in which both sides are compared; null = blank. */
export type Normal = string | null;

/**
 * The value as it is compared: what Salesforce changes when it stores a value (letter case of addresses, spaces around, line ends,
 * "" for nothing, parts of a second) is no difference, or both sides would correct each other for ever.
 */
export function normalise(kind: ValueKind, value: unknown): Normal {
  if (value === null || value === undefined) return null;
  const text = String(value).normalize('NFC').replaceAll('\r\n', '\n').trim();
  if (text === '') return null;
  switch (kind) {
    case 'text':
      return text;
    case 'email':
      return normaliseEmail(text);
    case 'number':
      return readNumber(text) ?? text;
    case 'boolean':
      return text.toLowerCase();
    case 'date':
      return dayOf(text);
    case 'datetime':
      return secondOf(text);
    case 'multiple':
      return listOf(text).toSorted().join(';') || null;
  }
}

function dayOf(text: string): string {
  const day = readDay(text);
  if (day && 'day' in day) return day.day;
  return day ? text.slice(0, 10) : text;
}

/** Salesforce writes `2026-11-22T04:00:00.000+0000` and keeps whole seconds. */
function secondOf(text: string): string {
  const moment = readDatetime(text);
  return moment ? `${moment.slice(0, 19)}Z` : text;
}

const listOf = (text: string) =>
  text
    .split(';')
    .map((word) => word.trim())
    .filter(Boolean);

/** A compared value as Salesforce's API takes it. A checkbox there is never blank. */
export function toSalesforce(kind: ValueKind, value: Normal): string | number | boolean | null {
  if (kind === 'boolean') return value === 'true';
  if (value === null) return null;
  return kind === 'number' ? Number(value) : value;
}
