import { validation } from '../errors.ts';

type TokenKind = 'word' | 'name' | 'value' | 'integer' | 'symbol' | 'end';
export type Token = { readonly kind: TokenKind; readonly text: string; readonly start: number; readonly end: number };
/** Which parameter an expression came in; error messages name it. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'UpdateExpression'
  | 'ProjectionExpression';

const TOKEN = /\s*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(0|[1-9][0-9]*)|(<>|<=|>=|[^\s]))/y;
const KINDS: readonly TokenKind[] = ['word', 'name', 'value', 'integer', 'symbol'];
const MAX_SIZE = 4096;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const group = match.slice(1).findIndex((part) => part !== undefined);
    const part = match[group + 1] ?? '';
    const end = TOKEN.lastIndex;
    tokens.push({ kind: KINDS[group] ?? 'symbol', text: part, start: end - part.length, end });
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length });
  return tokens;
}

/** Walks the tokens of one expression and reports what it does not expect in DynamoDB's words. */
export class TokenReader {
  readonly kind: ExpressionKind;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(kind: ExpressionKind, text: string) {
    this.kind = kind;
    this.#text = text;
    if (text === '') throw this.invalid('The expression can not be empty;');
    const size = Buffer.byteLength(text);
    if (size > MAX_SIZE) {
      throw this.invalid(`Expression size has exceeded the maximum allowed size; expression size: ${size}`);
    }
    this.#tokens = tokenize(text);
  }

  get current(): Token {
    return this.#tokens[this.#index] as Token;
  }

  get following(): Token | undefined {
    return this.#tokens[this.#index + 1];
  }

  next(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.#index += 1;
    return token;
  }

  isSymbol(...symbols: readonly string[]): boolean {
    return this.current.kind === 'symbol' && symbols.includes(this.current.text);
  }

  /** Keywords are read in any letter case. */
  isKeyword(...keywords: readonly string[]): boolean {
    return this.current.kind === 'word' && keywords.includes(this.current.text.toUpperCase());
  }

  skip(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index += 1;
    return true;
  }

  expect(symbol: string): void {
    if (!this.skip(symbol)) throw this.unexpected();
  }

  invalid(message: string): Error {
    return validation(`Invalid ${this.kind}: ${message}`);
  }

  /** The syntax error for the current token, shown between its neighbours. */
  unexpected(): Error {
    const { text, end } = this.current;
    const before = this.#tokens[this.#index - 1];
    const after = this.following;
    const near = this.#text.slice(before?.start ?? 0, after && after.kind !== 'end' ? after.end : end);
    return this.invalid(`Syntax error; token: "${text}", near: "${near}"`);
  }
}
