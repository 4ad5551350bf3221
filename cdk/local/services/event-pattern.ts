import { isPrimitive, type LeafTest, leafTest, PatternError, type Primitive } from './leaf-pattern.ts';

type Test = (value: unknown, root: unknown) => boolean;

const compiled = new WeakMap<object, Test>();

/**
 * Does an event match a pattern of EventBridge's language (the one that Lambda's event filters use too)?
 * Throws a `PatternError` for a pattern that AWS would refuse. The pattern object must not be changed afterwards.
 */
export function matches(pattern: Readonly<Record<string, unknown>>, event: unknown): boolean {
  let test = compiled.get(pattern);
  if (!test) {
    test = objectTest(pattern, []);
    compiled.set(pattern, test);
  }
  return test(event, event);
}

/** Throws a `PatternError` when AWS would refuse the pattern. */
export function validatePattern(pattern: Readonly<Record<string, unknown>>): void {
  objectTest(pattern, []);
}

function objectTest(pattern: unknown, path: readonly string[]): Test {
  if (!isObject(pattern)) throw new PatternError(`${at(path)} must be an object or an array`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternError(`${at(path)}: empty objects are not allowed`);
  const tests = entries.map(([name, value]) => (name === '$or' ? anyOf(value, path) : fieldTest(name, value, path)));
  return (value, root) => {
    // One element of an array has to satisfy the whole object; halves in two elements are no match.
    const candidates = Array.isArray(value) && value.length > 0 ? value.flat(Infinity) : [value];
    return candidates.some((candidate) => tests.every((test) => test(candidate, root)));
  };
}

function anyOf(alternatives: unknown, path: readonly string[]): Test {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    throw new PatternError(`${at(path)}: $or must be an array of at least two objects`);
  }
  const tests = alternatives.map((alternative) => objectTest(alternative, path));
  return (value, root) => tests.some((test) => test(value, root));
}

function fieldTest(name: string, pattern: unknown, parents: readonly string[]): Test {
  const path = [...parents, name];
  const test: Test = Array.isArray(pattern) ? leavesTest(pattern, path) : objectTest(pattern, path);
  return (value, root) => test(isObject(value) ? value[name] : undefined, root);
}

function leavesTest(alternatives: readonly unknown[], path: readonly string[]): Test {
  if (alternatives.length === 0) throw new PatternError(`${at(path)}: empty arrays are not allowed`);
  const tests: LeafTest[] = [];
  let matchesAbsence = false;
  for (const alternative of alternatives) {
    if (isObject(alternative) && alternative.exists === false) matchesAbsence = true;
    tests.push(leafTest(alternative, at(path)));
  }
  return (value, root) =>
    leaves(value).some((leaf) => tests.some((test) => test(leaf))) || (matchesAbsence && !isPresent(root, path));
}

/** Only leaves can be matched: an object at the path is as good as nothing. */
function leaves(value: unknown): readonly Primitive[] {
  if (Array.isArray(value)) return value.flat(Infinity).filter(isPrimitive);
  return isPrimitive(value) ? [value] : [];
}

/** `exists: false` asks about the event as a whole, so one array element that has the field is enough to deny it. */
function isPresent(value: unknown, path: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((element) => isPresent(element, path));
  const [name, ...rest] = path;
  if (name === undefined) return isPrimitive(value);
  return isObject(value) && isPresent(value[name], rest);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(path: readonly string[]): string {
  return path.length === 0 ? 'the pattern' : path.join('.');
}
