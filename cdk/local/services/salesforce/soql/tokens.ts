import type { Token } from './lexer.ts';
import { type Literal, malformed } from './syntax.ts';

const end: Token = { kind: 'end', text: '<EOF>' };

/** What is left to read of a query. Every refusal names the token at hand. */
export class Tokens {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  isWord(word: string): boolean {
    const { kind, text } = this.#next();
    return kind === 'word' && text.toLowerCase() === word;
  }

  takeWord(word: string): boolean {
    return this.#takeIf(this.isWord(word));
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) throw this.unexpected();
  }

  takeMark(mark: string): boolean {
    const { kind, text } = this.#next();
    return this.#takeIf(kind === 'mark' && text === mark);
  }

  expectMark(mark: string): void {
    if (!this.takeMark(mark)) throw this.unexpected();
  }

  /** One of these marks, if it is next. */
  takeOneOf<M extends string>(marks: readonly M[]): M | undefined {
    return marks.find((mark) => this.takeMark(mark));
  }

  /** An object, a field or a path of fields. */
  name(): string {
    const name = this.takeName();
    if (name === undefined) throw this.unexpected();
    return name;
  }

  takeName(): string | undefined {
    const { kind, text } = this.#next();
    if (kind !== 'word') return undefined;
    this.#at += 1;
    return text;
  }

  literal(): Literal {
    const token = this.#next();
    if (token.kind !== 'literal') throw this.unexpected();
    this.#at += 1;
    return token.literal;
  }

  /** A whole number that is not negative. */
  count(): number {
    const literal = this.literal();
    if (literal.kind !== 'number' || !Number.isInteger(literal.value) || literal.value < 0)
      throw malformed('expecting a positive integer');
    return literal.value;
  }

  end(): void {
    if (this.#next().kind !== 'end') throw this.unexpected();
  }

  unexpected() {
    const { kind, text } = this.#next();
    return malformed(kind === 'end' ? "unexpected token: '<EOF>'" : `unexpected token: '${text}'`);
  }

  #next(): Token {
    return this.#tokens[this.#at] ?? end;
  }

  #takeIf(condition: boolean): boolean {
    if (condition) this.#at += 1;
    return condition;
  }
}
