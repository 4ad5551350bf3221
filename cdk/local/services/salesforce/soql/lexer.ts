import { readDay, readMoment } from '../moment.ts';
import { type Literal, malformed } from './syntax.ts';

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string; readonly literal: Literal }
  | { readonly kind: 'end'; readonly text: string };

const patterns = {
  space: /\s+/y,
  datetime: /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)/iy,
  date: /\d{4}-\d\d-\d\d(?![\dT])/y,
  number: /[+-]?\d+(?:\.\d+)?(?![\w.])/y,
  string: /'((?:[^'\\]|\\[\s\S])*)'/y,
  word: /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y,
  mark: /<=|>=|!=|<>|[=<>(),]/y,
} as const;

/** Takes a query apart. @throws ApiError MALFORMED_QUERY */
export function tokens(query: string): Token[] {
  const result: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(query);
    if (found) at = pattern.lastIndex;
    return found;
  };
  while (at < query.length) {
    if (take(patterns.space)) continue;
    result.push(next(query, at, take));
  }
  return [...result, { kind: 'end', text: '<EOF>' }];
}

function next(query: string, at: number, take: (pattern: RegExp) => RegExpExecArray | null): Token {
  const datetime = take(patterns.datetime)?.[0];
  if (datetime !== undefined) return dated('datetime', datetime, readMoment(datetime.toUpperCase()));
  const date = take(patterns.date)?.[0];
  if (date !== undefined) return dated('date', date, readDay(date));
  const number = take(patterns.number)?.[0];
  if (number !== undefined) return literal(number, { kind: 'number', value: Number(number) });
  const string = take(patterns.string);
  if (string) {
    const [whole, pattern = ''] = string;
    return literal(whole, { kind: 'string', value: unescaped(pattern), pattern });
  }
  const word = take(patterns.word)?.[0];
  if (word !== undefined) return named(word);
  const mark = take(patterns.mark)?.[0];
  if (mark !== undefined) return { kind: 'mark', text: mark === '<>' ? '!=' : mark };
  if (query.charAt(at) === "'") throw malformed(`line 1:${at} mismatched character '<EOF>' expecting '''`);
  throw malformed(`line 1:${at} no viable alternative at character '${query.charAt(at)}'`);
}

const literal = (text: string, value: Literal): Token => ({ kind: 'literal', text, literal: value });

function dated(kind: 'date' | 'datetime', text: string, value: string | undefined): Token {
  if (value === undefined) throw malformed(`invalid ${kind}: ${text}`);
  return literal(text, { kind, value });
}

function named(word: string): Token {
  const lower = word.toLowerCase();
  if (lower === 'true' || lower === 'false') return literal(word, { kind: 'boolean', value: lower === 'true' });
  return lower === 'null' ? literal(word, { kind: 'null' }) : { kind: 'word', text: word };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  N: '\n',
  R: '\r',
  T: '\t',
};

function unescaped(raw: string): string {
  return raw.replace(
    /\\u([0-9A-Fa-f]{4})|\\([\s\S])/g,
    (whole, code: string | undefined, letter: string | undefined) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      const character = letter ?? '';
      if (`'"\\%_`.includes(character)) return character;
      const control = escapes[character];
      if (control === undefined)
        throw malformed(`Invalid string literal '${raw}'. Illegal character sequence '${whole}' in string literal.`);
      return control;
    },
  );
}
