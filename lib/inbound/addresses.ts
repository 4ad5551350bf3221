import { unquotedAddress } from '../mail/address.ts';
import { decodeHeader } from './header.ts';

export type MailAddress = { readonly address: string; readonly name: string };

/** So many addresses of a field are kept. */
const mostAddresses = 200;

/**
 * The addresses of a field as it came. They are taken apart before their names are decoded: a decoded name may hold commas and brackets.
 * Addresses are in lower case.
 */
export function readAddresses(raw: string): MailAddress[] {
  const found: MailAddress[] = [];
  for (const piece of entries(withoutGroups(raw))) {
    const [, name = '', bracketed] = /^(.*)<([^<>]*)>[^<>]*$/s.exec(piece) ?? [];
    const address = tidy(bracketed ?? piece.replace(/\([^()]*\)/g, ''));
    if (!address.includes('@')) continue;
    found.push({ address, name: decodeHeader(unquoted(name.trim())) });
    if (found.length === mostAddresses) break;
  }
  return found;
}

const tidy = (text: string) =>
  unquotedAddress(
    decodeHeader(text)
      .replace(/\s+/g, '')
      .replace(/^mailto:/i, ''),
  ).toLowerCase();

const unquoted = (name: string) => name.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/g, '$1');

/** `group: a@x, b@y;` is its members. */
const withoutGroups = (raw: string) => raw.replace(/(^|,)\s*[^@,<>":;]{0,200}:([^;]*);?/g, '$1$2');

/** The entries of a list, cut at commas outside quotes, brackets and comments. */
function entries(raw: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  let depth = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const sign = raw[at];
    if (sign === '\\') at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '<' || sign === '(')) depth += 1;
    else if (!quoted && (sign === '>' || sign === ')')) depth = Math.max(0, depth - 1);
    else if (!quoted && depth === 0 && (sign === ',' || sign === ';')) {
      pieces.push(raw.slice(start, at));
      start = at + 1;
    }
  }
  return [...pieces, raw.slice(start)].map((piece) => piece.trim()).filter(Boolean);
}

/** Ids of messages in a field, without brackets. */
export const readMessageIds = (raw = ''): string[] => [...raw.matchAll(/<([^<>\s]{1,990})>/g)].map(([, id = '']) => id);
