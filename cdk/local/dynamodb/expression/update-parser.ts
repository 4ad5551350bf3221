import { OperandParser } from './operand-parser.ts';
import type { Operand, Parsed, Path, UpdateAction } from './syntax.ts';

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
type Section = (typeof SECTIONS)[number];

/** Parses an update expression into its actions. */
export function parseUpdate(text: string, names: Readonly<Record<string, string>>): Parsed<readonly UpdateAction[]> {
  const parser = new UpdateParser('UpdateExpression', text, names);
  const actions = parser.parse();
  parser.checkOverlap(actions.map((action) => action.path));
  return parser.finish(actions);
}

/** Parses a projection into its paths. */
export function parseProjection(text: string, names: Readonly<Record<string, string>>): Parsed<readonly Path[]> {
  const parser = new OperandParser('ProjectionExpression', text, names);
  const paths = [parser.path()];
  while (parser.reader.skip(',')) paths.push(parser.path());
  parser.checkOverlap(paths);
  return parser.finish(paths);
}

class UpdateParser extends OperandParser {
  parse(): UpdateAction[] {
    const seen = new Set<Section>();
    const actions: UpdateAction[] = [];
    do {
      const section = SECTIONS.find((name) => this.reader.isKeyword(name));
      if (section === undefined) throw this.reader.unexpected();
      if (seen.has(section)) {
        this.report('section', `The "${section}" section can only be used once in an update expression;`);
      }
      seen.add(section);
      this.reader.next();
      actions.push(this.#action(section));
      while (this.reader.skip(',')) actions.push(this.#action(section));
    } while (this.reader.current.kind !== 'end');
    return actions;
  }

  #action(section: Section): UpdateAction {
    const path = this.path();
    if (section === 'REMOVE') return { kind: section, path };
    if (section !== 'SET') return { kind: section, path, value: this.value() };
    this.reader.expect('=');
    return { kind: section, path, operand: this.#sum() };
  }

  #sum(): Operand {
    const left = this.#term();
    if (!this.reader.isSymbol('+', '-')) return left;
    this.countOperator();
    const operator = this.reader.next().text === '+' ? '+' : '-';
    return { kind: 'arithmetic', operator, left, right: this.#term() };
  }

  #term(): Operand {
    if (!this.reader.skip('(')) return this.operand();
    const inner = this.#sum();
    this.reader.expect(')');
    return inner;
  }
}
