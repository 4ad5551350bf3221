import type { ObjectType } from '../objects/definition.ts';
import { type TextDocument, textDocument, textParts } from './document.ts';
import { neededFor, type Piece, queryPieces } from './fold.ts';

/**
 * Whether a record is found by a query: every word of the query is the beginning of a word of the record's searchable text, and every run of
 * Japanese letters stands in it. An empty query finds everything; one of signs only finds nothing.
 */
export function matchesQuery(type: ObjectType, properties: Readonly<Record<string, string>>, query: string): boolean {
  return matchesPieces(textDocument(textParts(type, properties)), query);
}

/** As `matchesQuery`, for text that was read already. */
export function matchesPieces(document: TextDocument, query: string): boolean {
  const wanted = queryPieces(query);
  if (wanted.length === 0) return query.trim() === '';
  return wanted.every((each) => holds(document, each));
}

function holds({ tokens, runs }: TextDocument, each: Piece): boolean {
  const needed = neededFor(each);
  if (!needed.every(({ token, prefix }) => (prefix ? someBeginsWith(tokens, token) : tokens.has(token)))) return false;
  return 'word' in each || needed.length === 1 || runs.some((run) => run.includes(each.run));
}

function someBeginsWith(tokens: ReadonlySet<string>, beginning: string): boolean {
  if (tokens.has(beginning)) return true;
  for (const token of tokens) if (token.startsWith(beginning)) return true;
  return false;
}
