import { BlockList, isIP } from 'node:net';

/** A pattern that EventBridge would not accept. */
export class PatternError extends Error {
  constructor(reason: string) {
    super(`Event pattern is not valid. Reason: ${reason}`);
    this.name = 'PatternError';
  }
}

export type Primitive = string | number | boolean | null;
export type LeafTest = (value: Primitive) => boolean;
type TextTest = (value: string) => boolean;

/** One element of a pattern's array: a literal, or an object with one operator. */
export function leafTest(alternative: unknown, field: string): LeafTest {
  if (isPrimitive(alternative)) return (value) => value === alternative;
  const [operator, operand] = operatorOf(alternative, field);
  const build = operators[operator];
  if (!build) throw new PatternError(`${field}: unrecognized match type ${operator}`);
  return build(operand, `${field}.${operator}`);
}

const operators: Readonly<Record<string, (operand: unknown, field: string) => LeafTest>> = {
  prefix: (operand, field) => onText(affix(operand, field, (value, part) => value.startsWith(part))),
  suffix: (operand, field) => onText(affix(operand, field, (value, part) => value.endsWith(part))),
  'equals-ignore-case': (operand, field) => onText(equalsIgnoreCase(operand, field)),
  wildcard: (operand, field) => onText(wildcard(text(operand, field), field)),
  exists: (operand, field) => {
    if (typeof operand !== 'boolean') throw new PatternError(`${field} must be either true or false`);
    return () => operand;
  },
  'anything-but': anythingBut,
  numeric,
  cidr: (operand, field) => onText(cidr(text(operand, field), field)),
};

function onText(test: TextTest): LeafTest {
  return (value) => typeof value === 'string' && test(value);
}

function affix(operand: unknown, field: string, has: (value: string, part: string) => boolean): TextTest {
  if (typeof operand === 'string') return (value) => has(value, text(operand, field));
  const [operator, part] = operatorOf(operand, field);
  if (operator !== 'equals-ignore-case') throw new PatternError(`${field}: unsupported ${operator}`);
  const folded = text(part, field).toLowerCase();
  return (value) => has(value.toLowerCase(), folded);
}

function equalsIgnoreCase(operand: unknown, field: string): TextTest {
  const folded = text(operand, field).toLowerCase();
  return (value) => value.toLowerCase() === folded;
}

function anythingBut(operand: unknown, field: string): LeafTest {
  if (typeof operand === 'string' || typeof operand === 'number' || Array.isArray(operand)) {
    const refused = new Set(Array.isArray(operand) ? operand : [operand]);
    const allTexts = [...refused].every((value) => typeof value === 'string');
    const allNumbers = [...refused].every((value) => typeof value === 'number');
    if (refused.size === 0 || !(allTexts || allNumbers)) {
      throw new PatternError(`${field} must be a string, a number, or an array of only strings or only numbers`);
    }
    return (value) => !refused.has(value);
  }
  const [operator, parts] = operatorOf(operand, field);
  const build = refusals[operator];
  if (!build) throw new PatternError(`${field}: unsupported ${operator}`);
  if (Array.isArray(parts) && parts.length === 0) throw new PatternError(`${field}: empty arrays are not allowed`);
  const tests = (Array.isArray(parts) ? parts : [parts]).map((part) => build(part, `${field}.${operator}`));
  return (value) => !(typeof value === 'string' && tests.some((test) => test(value)));
}

const refusals: Readonly<Record<string, (part: unknown, field: string) => TextTest>> = {
  prefix: (part, field) => affix(part, field, (value, start) => value.startsWith(start)),
  suffix: (part, field) => affix(part, field, (value, end) => value.endsWith(end)),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard: (part, field) => wildcard(text(part, field), field),
};

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function numeric(operand: unknown, field: string): LeafTest {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw new PatternError(`${field} must be an array of one or two comparisons`);
  }
  const [firstOperator, low, secondOperator, high] = operand;
  const first = comparison(firstOperator, low, field);
  if (operand.length === 2) return (value) => typeof value === 'number' && first(value);
  const isRange = String(firstOperator).startsWith('>') && String(secondOperator).startsWith('<');
  if (!isRange) throw new PatternError(`${field}: a range is a lower limit followed by an upper one`);
  const second = comparison(secondOperator, high, field);
  if (Number(low) >= Number(high)) throw new PatternError(`${field}: bottom must be less than top`);
  return (value) => typeof value === 'number' && first(value) && second(value);
}

function comparison(operator: unknown, limit: unknown, field: string): (value: number) => boolean {
  const compare = typeof operator === 'string' ? comparisons[operator] : undefined;
  if (!compare) throw new PatternError(`${field}: unrecognized numeric range operator ${String(operator)}`);
  if (typeof limit !== 'number' || Math.abs(limit) > 5_000_000_000) {
    throw new PatternError(`${field}: value must be a number from -5e9 to 5e9`);
  }
  return (value) => compare(value, limit);
}

/** `*` stands for any text, `\*` and `\\` for themselves. */
function wildcard(pattern: string, field: string): TextTest {
  const parts = [''];
  for (let index = 0; index < pattern.length; index += 1) {
    let char = pattern.charAt(index);
    if (char === '*') {
      if (pattern[index + 1] === '*') throw new PatternError(`${field}: consecutive wildcard characters`);
      parts.push('');
      continue;
    }
    if (char === '\\') {
      index += 1;
      char = pattern.charAt(index);
      if (char !== '*' && char !== '\\') throw new PatternError(`${field}: invalid escape character`);
    }
    parts.push(`${parts.pop() ?? ''}${char}`);
  }
  return (value) => matchesParts(value, parts);
}

/** Taking each middle part where it first occurs is enough, and takes linear time where a regular expression may not. */
function matchesParts(value: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  let position = first.length;
  const end = value.length - last.length;
  for (const part of rest) {
    const found = value.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return position <= end;
}

function cidr(block: string, field: string): TextTest {
  const [address = '', length = '', ...more] = block.split('/');
  const family = isIP(address);
  const bits = Number(length);
  const longest = family === 4 ? 32 : 128;
  if (family === 0 || more.length > 0 || !/^\d+$/.test(length) || bits > longest) {
    throw new PatternError(`${field}: malformed CIDR ${block}`);
  }
  const subnet = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  subnet.addSubnet(address, bits, kind);
  return (value) => isIP(value) === family && subnet.check(value, kind);
}

function operatorOf(value: unknown, field: string): [string, unknown] {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const [only] = entries;
  if (!only || entries.length > 1)
    throw new PatternError(`${field}: expected a literal or an object with one match type`);
  return only;
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new PatternError(`${field} must be a string`);
  return value;
}

/** What a leaf of an event can be; objects and arrays are no leaves. */
export function isPrimitive(value: unknown): value is Primitive {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
