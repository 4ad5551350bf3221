import { S } from '../support/dynamodb-values.ts';
import type { Draw } from './draw.ts';

/** An expression and the values of its placeholders. */
export type Expression = { readonly expression: string; readonly values: Record<string, unknown> };

const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'];

/** Collects the values of one expression under names of their own. */
class Placeholders {
  readonly values: Record<string, unknown> = {};

  add(value: unknown): string {
    const name = `:c${Object.keys(this.values).length}`;
    this.values[name] = value;
    return name;
  }
}

export function randomCondition(draw: Draw): Expression {
  const placeholders = new Placeholders();
  return { expression: node(draw, placeholders, 2), values: placeholders.values };
}

function node(draw: Draw, placeholders: Placeholders, depth: number): string {
  if (depth === 0 || draw.chance(0.5)) return leaf(draw, placeholders);
  const left = node(draw, placeholders, depth - 1);
  if (draw.chance(0.2)) return `NOT ${left.includes(' AND ') || left.includes(' OR ') ? `(${left})` : left}`;
  const joined = `${left} ${draw.of(['AND', 'OR'])} ${node(draw, placeholders, depth - 1)}`;
  return draw.chance(0.2) ? `(${joined}) AND attribute_exists(gsi1sk)` : joined;
}

function operand(draw: Draw, placeholders: Placeholders): string {
  return draw.chance(0.2) ? draw.path() : placeholders.add(draw.value());
}

function leaf(draw: Draw, placeholders: Placeholders): string {
  const path = draw.path();
  return draw.weighted<() => string>([
    [8, () => `${path} ${draw.of(['=', '<>', '<', '<=', '>', '>='])} ${operand(draw, placeholders)}`],
    [4, () => `attribute_exists(${path})`],
    [4, () => `attribute_not_exists(${path})`],
    [2, () => `attribute_type(${path}, ${placeholders.add(S(draw.of(TYPES)))})`],
    [3, () => `begins_with(${path}, ${placeholders.add(draw.chance(0.8) ? draw.text() : draw.value())})`],
    [3, () => `contains(${path}, ${operand(draw, placeholders)})`],
    [3, () => `size(${path}) ${draw.of(['=', '<', '>'])} ${placeholders.add(draw.number())}`],
    [2, () => `${path} IN (${placeholders.add(draw.value())}, ${operand(draw, placeholders)})`],
    [
      2,
      () =>
        `${path} BETWEEN ${placeholders.add(draw.number())} AND ${placeholders.add(draw.chance(0.7) ? draw.number() : draw.text())}`,
    ],
  ])();
}
