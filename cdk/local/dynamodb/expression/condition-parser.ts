import type { ExpressionKind } from './lexer.ts';
import { OperandParser } from './operand-parser.ts';
import type { Comparator, Condition, Operand, Parsed } from './syntax.ts';

type Node = Condition | Operand;
const MAX_OPTIONS = 100;
const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];

function isOperand(node: Node): node is Operand {
  return node.kind === 'path' || node.kind === 'value' || node.kind === 'call';
}

/** Parses a condition, filter or key condition. `OR` binds weakest, then `AND`, `NOT` and the comparisons. */
export function parseCondition(
  kind: ExpressionKind,
  text: string,
  names: Readonly<Record<string, string>>,
): Parsed<Condition> {
  const parser = new ConditionParser(kind, text, names);
  return parser.finish(parser.parse());
}

class ConditionParser extends OperandParser {
  parse(): Condition {
    return this.#condition(this.#or());
  }

  /** A bare operand is no condition; a call is one unless it yields a value. */
  #condition(node: Node): Condition {
    if (node.kind === 'call') {
      if (node.name === 'size') this.#misused(node.name);
      return node;
    }
    if (isOperand(node)) throw this.reader.unexpected();
    return node;
  }

  /** In front of an operator that compares stands a value: a condition there is a syntax error. */
  #operand(node: Node): Operand {
    if (!isOperand(node)) throw this.reader.unexpected();
    return node;
  }

  #value(node: Operand): Operand {
    for (const operand of node.kind === 'call' ? [node, ...node.operands] : [node]) {
      if (operand.kind === 'call' && operand.name !== 'size') this.#misused(operand.name);
    }
    return node;
  }

  #misused(name: string): void {
    this.report('structure', `The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  #or(): Node {
    let left = this.#and();
    while (this.reader.isKeyword('OR')) {
      left = this.#condition(left);
      this.#operator();
      left = { kind: 'or', left, right: this.#condition(this.#and()) };
    }
    return left;
  }

  #and(): Node {
    let left = this.#not();
    while (this.reader.isKeyword('AND')) {
      left = this.#condition(left);
      this.#operator();
      left = { kind: 'and', left, right: this.#condition(this.#not()) };
    }
    return left;
  }

  #not(): Node {
    if (!this.reader.isKeyword('NOT')) return this.#comparison();
    this.#operator();
    return { kind: 'not', inner: this.#condition(this.#not()) };
  }

  #operator(): string {
    this.countOperator();
    return this.reader.next().text;
  }

  #comparison(): Node {
    const node = this.#primary();
    if (this.reader.isSymbol('=', '<', '>', '<>', '<=', '>=') && COMPARATORS.includes(this.reader.current.text)) {
      const left = this.#operand(node);
      const operator = this.#operator() as Comparator;
      const right = this.#operand(this.#primary());
      return { kind: 'compare', operator, left: this.#value(left), right: this.#value(right) };
    }
    if (this.reader.isKeyword('BETWEEN')) return this.#between(this.#value(this.#operand(node)));
    if (this.reader.isKeyword('IN')) return this.#in(this.#value(this.#operand(node)));
    if (node.kind === 'call') {
      this.countOperator();
      for (const operand of node.operands) this.#value(operand);
    }
    return node;
  }

  #between(subject: Operand): Condition {
    this.#operator();
    const low = this.#value(this.#operand(this.#primary()));
    if (!this.reader.isKeyword('AND')) throw this.reader.unexpected();
    this.reader.next();
    const high = this.#value(this.#operand(this.#primary()));
    return { kind: 'between', subject, low, high };
  }

  #in(subject: Operand): Condition {
    this.#operator();
    this.reader.expect('(');
    const options = [this.#value(this.operand())];
    while (this.reader.skip(',')) options.push(this.#value(this.operand()));
    this.reader.expect(')');
    if (options.length > MAX_OPTIONS) {
      const count = `number of operands: ${options.length}`;
      this.report('reference', `The IN operator is provided with too many operands; ${count}`);
    }
    return { kind: 'in', subject, options };
  }

  #primary(): Node {
    const opening = this.reader.current.start;
    if (!this.reader.skip('(')) return this.operand();
    const from = this.reader.current.start;
    const inner = this.#or();
    const to = this.reader.current.start;
    this.reader.expect(')');
    if (this.#lastGroup.from === from && this.#lastGroup.to === to) {
      this.report('structure', 'The expression has redundant parentheses;');
    }
    this.#lastGroup = { from: opening, to: this.reader.current.start };
    return inner;
  }

  /** The group that was closed last, with its parentheses: where a group holds just another one, the two are redundant. */
  #lastGroup = { from: -1, to: -1 };
}
