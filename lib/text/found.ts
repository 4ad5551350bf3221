import type { ObjectType } from '../objects/definition.ts';
import type { CrmRecord } from '../objects/record.ts';
import { type TextPart, textDocument, textParts, withoutMarkup } from './document.ts';
import { foldText, queryPieces } from './fold.ts';
import { matchesPieces, matchesQuery } from './match.ts';

/** A record as the search box shows it: what it is called, and by what it was found. */
export type Found = {
  readonly objectType: string;
  readonly id: string;
  readonly title: string;
  readonly matched: { readonly property: string; readonly value: string };
};
export type Ranked = { readonly found: Found; readonly rank: number; readonly updatedAt: string };

const longestTitle = 100;
const longestShown = 200;

/** A record's place in the answer, or undefined when the query does not find it. `exact` is the property that has the very value. */
export function rankedOf(
  type: ObjectType,
  record: CrmRecord,
  query: string,
  exact: string | undefined,
): Ranked | undefined {
  if (record.archivedAt) return undefined;
  if (exact === undefined && !matchesQuery(type, record.properties, query)) return undefined;
  const matched = matchedBy(type, record, query) ?? {
    property: exact ?? '',
    value: record.properties[exact ?? ''] ?? '',
  };
  return {
    found: {
      objectType: type.objectTypeId,
      id: record.id,
      title: titleOf(type, record),
      matched: { ...matched, value: shown(matched.value, longestShown) },
    },
    rank: (exact === undefined ? closeness(matched.value, query) : 3) * 10 + placeOf(type, query),
    updatedAt: record.updatedAt,
  };
}

/** Best first: the very value, then values that are equal, begin so, hold it; of those deals first for ids, people first for names. */
export const inOrder = (one: Ranked, other: Ranked): number =>
  other.rank - one.rank || (one.updatedAt < other.updatedAt ? 1 : -1);

function closeness(value: string, query: string): number {
  const [has, asked] = [foldText(value).replaceAll(' ', ''), foldText(query).replaceAll(' ', '')];
  if (has === asked) return 2;
  return has.startsWith(asked) ? 1 : 0;
}

/** A single word with digits is an id: 広告主ID, プログラムID. */
function placeOf({ objectTypeId, custom }: ObjectType, query: string): number {
  const [first, ...others] = queryPieces(query);
  const isId = others.length === 0 && first !== undefined && 'word' in first && /\d/.test(first.word);
  const order = isId ? ['0-2', '0-1', '0-5', 'custom', '0-3'] : ['0-5', 'custom', '0-3', '0-2', '0-1'];
  return order.indexOf(custom ? 'custom' : objectTypeId) + 1;
}

/** The first part of the record's text that holds the whole query, or some of it. */
function matchedBy(type: ObjectType, { properties }: CrmRecord, query: string): Found['matched'] | undefined {
  const parts = textParts(type, properties);
  const whole = parts.find((part) => matchesPieces(textDocument([part]), query));
  if (whole) return asShown(whole, properties);
  const pieces = queryPieces(query).map((each) => ('word' in each ? each.word : each.run));
  const some = parts.find((part) => pieces.some((each) => matchesPieces(textDocument([part]), each)));
  return some && asShown(some, properties);
}

const asShown = ({ properties: names }: TextPart, properties: CrmRecord['properties']) => ({
  property: names[0] ?? '',
  value: names.map((name) => properties[name] ?? '').join(' '),
});

/** People by their name, as it is written in Japan; everything else by the property that its type says. */
function titleOf({ objectTypeId, primaryDisplayProperty }: ObjectType, { id, properties }: CrmRecord): string {
  const name = objectTypeId === '0-1' ? [properties.lastname, properties.firstname].filter(Boolean).join(' ') : '';
  return shown(name || properties[primaryDisplayProperty] || id, longestTitle);
}

const shown = (text: string, most: number) =>
  [
    ...withoutMarkup(text.slice(0, most * 20))
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, most)
    .join('');
