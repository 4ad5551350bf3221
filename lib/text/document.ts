import type { ObjectType } from '../objects/definition.ts';
import { phonesIn } from '../objects/phone-words.ts';
import { type Piece, tokensOfPiece, valuePieces } from './fold.ts';

type Properties = Readonly<Record<string, string>>;

/** The most tokens under which one record is found, and with them the rows that it has in the index. */
const mostTokens = 300;
/** Of a long text only the beginning is looked at: more than this would pass the limit in any case. */
const longestText = 2000;

/** Values that are found as one: 田中太郎 is in neither of its two properties. */
const together: readonly (readonly string[])[] = [
  ['lastname', 'firstname'],
  ['lastname_kana', 'firstname_kana'],
];
const ids = ['advertiser_id', 'program_id'];
const readings = ['name_kana', 'lastname_kana', 'firstname_kana'];

/**
 * The properties by whose text a record is found: what is unique, ids, names and their readings, and those that the type's schema names
 * as searchable. In this order, because a record's first 300 tokens count.
 */
export function textProperties(type: ObjectType): string[] {
  const unique = [...type.properties.values()].filter(({ hasUniqueValue }) => hasUniqueValue).map(({ name }) => name);
  const wanted = [...unique, ...ids, type.primaryDisplayProperty, ...readings, ...type.searchableProperties];
  return [...new Set(wanted)].filter((name) => name !== 'hs_object_id' && type.properties.has(name));
}

/** What one or several values together are found by. */
export type TextPart = { readonly properties: readonly string[]; readonly pieces: readonly Piece[] };

/** The record's text, part by part, most telling first. */
export function textParts(type: ObjectType, properties: Properties): TextPart[] {
  const names = textProperties(type).filter((name) => properties[name]);
  const parts = names.map((name) => together.find((group) => group.includes(name)) ?? [name]);
  const distinct = [...new Map(parts.map((part) => [part.join(), part])).values()];
  return distinct.map((part) => ({
    properties: part.filter((name) => properties[name]),
    pieces: piecesOf(type, part, properties),
  }));
}

function piecesOf(type: ObjectType, names: readonly string[], properties: Properties): Piece[] {
  const text = names.map((name) => properties[name] ?? '').join(' ');
  const { textDisplayHint, fieldType } = type.properties.get(names[0] ?? '') ?? {};
  if (textDisplayHint === 'phone_number' || fieldType === 'phonenumber')
    return phonesIn(text).map((word) => ({ word }));
  return valuePieces(withoutMarkup(text.slice(0, longestText * 2)).slice(0, longestText));
}

/** Bodies of notes and mails are HTML; a text like `a < b` is left alone. */
export const withoutMarkup = (text: string) =>
  text.includes('<') ? text.replace(/<\/?[a-z!][^>]*>/gi, '\n').replace(/&nbsp;/g, ' ') : text;

/** Everything under which a record is found, and the runs in which pairs of letters must stand side by side. */
export type TextDocument = { readonly tokens: ReadonlySet<string>; readonly runs: readonly string[] };

/** At most 300 tokens: of a long note about the first 290 letters. */
export function textDocument(parts: readonly TextPart[]): TextDocument {
  const pieces = parts.flatMap((part) => part.pieces);
  const tokens = [...new Set(pieces.flatMap(tokensOfPiece))].slice(0, mostTokens);
  return { tokens: new Set(tokens), runs: pieces.flatMap((each) => ('run' in each ? [each.run] : [])) };
}
