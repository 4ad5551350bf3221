import { type AttributeValue, type Item, newItem } from '../value.ts';
import { step, valueAt } from './evaluate.ts';
import type { Path } from './syntax.ts';

/** Chosen parts of a value: its children by name or index, or the value itself. */
type Selection = Map<string | number, Selection>;

function select(paths: readonly Path[]): Selection {
  const root: Selection = new Map();
  for (const path of paths) {
    let node = root;
    for (const element of path) {
      const child: Selection = node.get(element) ?? new Map();
      node.set(element, child);
      node = child;
    }
  }
  return root;
}

function pick(value: AttributeValue, selection: Selection): AttributeValue | undefined {
  if (selection.size === 0) return value;
  const children: [string | number, AttributeValue][] = [];
  for (const [element, inner] of selection) {
    const child = step(value, element);
    const picked = child && pick(child, inner);
    if (picked) children.push([element, picked]);
  }
  if (children.length === 0) return undefined;
  if ('L' in value) {
    // Elements keep their order and close ranks.
    return { L: children.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child) };
  }
  const map = newItem();
  for (const [name, child] of children) map[name] = child;
  return { M: map };
}

/** The parts of an item that the paths name, in the item's structure. */
export function project(item: Item, paths: readonly Path[]): Item {
  const projected = newItem();
  for (const [name, selection] of select(paths)) {
    const value = valueAt(item, [name]);
    const picked = value && pick(value, selection);
    if (picked) projected[name] = picked;
  }
  return projected;
}
