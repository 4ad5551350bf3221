import { reservedWords } from '../reserved-words.ts';
import { type ExpressionKind, TokenReader } from './lexer.ts';
import { type Operand, type Parsed, type Path, showPath } from './syntax.ts';

/** DynamoDB looks for problems of one kind after the other, and within a kind in the order of the text. */
const KINDS = ['structure', 'section', 'reference', 'overlap', 'conflict'] as const;
type ProblemKind = (typeof KINDS)[number];

const ARITY: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
  if_not_exists: 2,
  list_append: 2,
};
const UPDATE_FUNCTIONS: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);
const MAX_OPERATORS = 300;

/** Paths, values and function calls: what conditions, updates and projections have in common. */
export class OperandParser {
  readonly reader: TokenReader;
  readonly #nameValues: Readonly<Record<string, string>>;
  readonly #names = new Set<string>();
  readonly #values = new Set<string>();
  readonly #paths: Path[] = [];
  readonly #problems = new Map<ProblemKind, string>();
  #operators = 0;

  constructor(kind: ExpressionKind, text: string, nameValues: Readonly<Record<string, string>>) {
    this.reader = new TokenReader(kind, text);
    this.#nameValues = nameValues;
  }

  report(kind: ProblemKind, message: string): void {
    if (!this.#problems.has(kind)) this.#problems.set(kind, message);
  }

  countOperator(): void {
    this.#operators += 1;
    if (this.#operators > MAX_OPERATORS) {
      throw this.reader.invalid(`The expression contains too many operators; operator count: ${this.#operators}`);
    }
  }

  /** Requires the end of the text, then raises the gravest problem found on the way. */
  finish<T>(tree: T): Parsed<T> {
    if (this.reader.current.kind !== 'end') throw this.reader.unexpected();
    for (const kind of KINDS) {
      const message = this.#problems.get(kind);
      if (message !== undefined) throw this.reader.invalid(message);
    }
    return { tree, names: this.#names, values: this.#values, paths: this.#paths };
  }

  path(): Path {
    const path: (string | number)[] = [this.#element()];
    for (;;) {
      if (this.reader.skip('.')) path.push(this.#element());
      else if (this.reader.skip('[')) path.push(this.#index());
      else break;
    }
    this.#paths.push(path);
    return path;
  }

  value(): string {
    if (this.reader.current.kind !== 'value') throw this.reader.unexpected();
    const { text } = this.reader.next();
    this.#values.add(text);
    return text;
  }

  /** A path, a value or a call. */
  operand(): Operand {
    const { kind, text } = this.reader.current;
    if (kind === 'value') return { kind: 'value', name: this.value() };
    if (kind === 'word' && this.reader.following?.text === '(') {
      this.reader.next();
      return this.#call(text);
    }
    return { kind: 'path', path: this.path() };
  }

  #element(): string {
    const { kind, text } = this.reader.current;
    if (kind === 'word') {
      if (reservedWords.has(text.toUpperCase())) {
        this.report('structure', `Attribute name is a reserved keyword; reserved keyword: ${text}`);
      }
      return this.reader.next().text;
    }
    if (kind !== 'name') throw this.reader.unexpected();
    this.reader.next();
    this.#names.add(text);
    if (Object.hasOwn(this.#nameValues, text)) return this.#nameValues[text] as string;
    this.report(
      'reference',
      `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
    );
    return text;
  }

  #index(): number {
    if (this.reader.current.kind !== 'integer') throw this.reader.unexpected();
    const index = Number(this.reader.next().text);
    this.reader.expect(']');
    return index;
  }

  #call(name: string): Operand {
    this.reader.expect('(');
    const operands = [this.operand()];
    while (this.reader.skip(',')) operands.push(this.operand());
    this.reader.expect(')');
    this.#checkCall(name, operands);
    return { kind: 'call', name, operands };
  }

  #checkCall(name: string, operands: readonly Operand[]): void {
    const arity = Object.hasOwn(ARITY, name) ? ARITY[name] : undefined;
    const isUpdate = this.reader.kind === 'UpdateExpression';
    if (arity === undefined) this.report('structure', `Invalid function name; function: ${name}`);
    else if (isUpdate !== UPDATE_FUNCTIONS.has(name)) {
      this.report(
        'structure',
        `The function is not allowed in ${isUpdate ? 'an update' : 'a condition'} expression; function: ${name}`,
      );
    } else if (arity !== operands.length) {
      this.report(
        'reference',
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    }
  }

  /** No path of a list may contain another one, nor treat the same attribute as a map and as a list. */
  checkOverlap(paths: readonly Path[]): void {
    for (const [index, second] of paths.entries()) {
      for (const first of paths.slice(0, index)) this.#checkPair(first, second);
    }
  }

  #checkPair(first: Path, second: Path): void {
    const length = Math.min(first.length, second.length);
    const at = first.findIndex((element, index) => index >= length || element !== second[index]);
    const advice = `must remove or rewrite one of these paths; path one: ${showPath(first)}, path two: ${showPath(second)}`;
    if (at === -1 || at >= length) {
      this.report('overlap', `Two document paths overlap with each other; ${advice}`);
    } else if (typeof first[at] !== typeof second[at]) {
      this.report('conflict', `Two document paths conflict with each other; ${advice}`);
    }
  }
}
