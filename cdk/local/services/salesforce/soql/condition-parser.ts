import { type Condition, type Literal, malformed } from './syntax.ts';
import type { Tokens } from './tokens.ts';

const comparisons = ['<=', '>=', '!=', '=', '<', '>'] as const;
/** Deeper nesting than this is nobody's query and would end in a stack overflow. */
const deepest = 200;

/** What follows WHERE. SOQL refuses AND beside OR unless parentheses say which comes first. */
export function parseCondition(input: Tokens, depth = 0): Condition {
  if (depth > deepest) throw malformed('the query is nested too deeply');
  const first = part(input, depth);
  const joint = (['and', 'or'] as const).find((word) => input.isWord(word));
  if (!joint) return first;
  const parts = [first];
  while (input.takeWord(joint)) parts.push(part(input, depth));
  if (input.isWord('and') || input.isWord('or')) throw input.unexpected();
  return { kind: joint, parts };
}

function part(input: Tokens, depth: number): Condition {
  if (input.takeWord('not')) return { kind: 'not', part: part(input, depth + 1) };
  if (!input.takeMark('(')) return comparison(input);
  const inner = parseCondition(input, depth + 1);
  input.expectMark(')');
  return inner;
}

function comparison(input: Tokens): Condition {
  const path = input.name();
  if (input.takeWord('in')) return { kind: 'in', path, negated: false, values: list(input) };
  if (input.takeWord('not')) {
    input.expectWord('in');
    return { kind: 'in', path, negated: true, values: list(input) };
  }
  if (input.takeWord('like')) return { kind: 'compare', path, operator: 'like', value: input.literal() };
  const operator = input.takeOneOf(comparisons);
  if (!operator) throw input.unexpected();
  return { kind: 'compare', path, operator, value: input.literal() };
}

function list(input: Tokens): Literal[] {
  input.expectMark('(');
  const values: Literal[] = [];
  do values.push(input.literal());
  while (input.takeMark(','));
  input.expectMark(')');
  return values;
}
