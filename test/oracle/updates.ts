import { L } from '../support/dynamodb-values.ts';
import type { Expression } from './conditions.ts';
import type { Draw } from './draw.ts';

/** A random update expression of one to three actions; many do not fit the item, and some are refused at once. */
export function randomUpdate(draw: Draw): Expression {
  const values: Record<string, unknown> = {};
  const add = (value: unknown): string => {
    const name = `:u${Object.keys(values).length}`;
    values[name] = value;
    return name;
  };
  const sections = new Map<string, string[]>();
  for (let count = 1 + draw.below(3); count > 0; count -= 1) {
    const [section, action] = randomAction(draw, add);
    sections.set(section, [...(sections.get(section) ?? []), action]);
  }
  const expression = [...sections].map(([section, actions]) => `${section} ${actions.join(', ')}`).join(' ');
  return { expression, values };
}

function randomAction(draw: Draw, add: (value: unknown) => string): readonly [string, string] {
  const path = draw.path();
  return draw.weighted<() => readonly [string, string]>([
    [10, () => ['SET', `${path} = ${assigned(draw, add)}`]],
    [4, () => ['REMOVE', path]],
    [
      3,
      () => [
        'ADD',
        `${draw.of(['n', 'zz', 'ss', 'ns', 'm.x', path])} ${add(draw.chance(0.6) ? draw.number() : draw.set())}`,
      ],
    ],
    [2, () => ['DELETE', `${draw.of(['ss', 'ns', path])} ${add(draw.set())}`]],
  ])();
}

function assigned(draw: Draw, add: (value: unknown) => string): string {
  const path = draw.path();
  const forms: readonly (() => string)[] = [
    () => add(draw.value()),
    () => path,
    () => `n ${draw.of(['+', '-'])} ${add(draw.number())}`,
    () => `if_not_exists(${path}, ${add(draw.number())})`,
    () => `if_not_exists(n, ${add(draw.number())}) + ${add(draw.number())}`,
    () => `list_append(l, ${add(L(draw.number()))})`,
    () => `list_append(if_not_exists(${path}, ${add(L())}), ${add(L(draw.text()))})`,
  ];
  return draw.of(forms)();
}
