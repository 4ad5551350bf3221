import { DynamoError, serialization, validation } from '../errors.ts';
import { type AttributeValue, isRecord, readValue } from '../value.ts';
import { parseCondition } from './condition-parser.ts';
import type { ExpressionKind } from './lexer.ts';
import type { Condition, Parsed, Path, UpdateAction } from './syntax.ts';
import { checkConditionTypes, checkUpdateTypes, type Values } from './types.ts';
import { parseProjection, parseUpdate } from './update-parser.ts';

const NAME_KEY = /^#[A-Za-z0-9_]+$/;
const VALUE_KEY = /^:[A-Za-z0-9_]+$/;
const CACHE_LIMIT = 2000;

/** Parsed expressions by kind, text and names: an application sends few different ones. */
const cache = new Map<string, Parsed<unknown>>();

function cached<T>(key: string, parse: () => Parsed<T>): Parsed<T> {
  const found = cache.get(key);
  if (found) return found as Parsed<T>;
  const parsed = parse();
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, parsed);
  return parsed;
}

function readNames(raw: unknown): Record<string, string> {
  if (!isRecord(raw)) throw serialization('Expected a map of ExpressionAttributeNames');
  const entries = Object.entries(raw);
  if (entries.length === 0) throw validation('ExpressionAttributeNames must not be empty');
  for (const [key, name] of entries) {
    if (!NAME_KEY.test(key))
      throw validation(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
    if (typeof name !== 'string') throw serialization('Expected a string in ExpressionAttributeNames');
    if (name === '') {
      throw validation(`ExpressionAttributeNames contains invalid value: Empty attribute name for key ${key}`);
    }
  }
  return raw as Record<string, string>;
}

function readValues(raw: unknown): Map<string, AttributeValue> {
  if (!isRecord(raw)) throw serialization('Expected a map of ExpressionAttributeValues');
  const values = new Map<string, AttributeValue>();
  for (const key of Object.keys(raw)) {
    if (!VALUE_KEY.test(key)) {
      throw validation(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
    }
    values.set(key, readExpressionValue(key, raw[key]));
  }
  if (values.size === 0) throw validation('ExpressionAttributeValues must not be empty');
  return values;
}

function readExpressionValue(key: string, raw: unknown): AttributeValue {
  try {
    return readValue(raw);
  } catch (error) {
    if (error instanceof DynamoError && error.type === 'ValidationException') {
      throw validation(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`);
    }
    throw error;
  }
}

const EMPTY: Values = new Map();

/** The names and values of one request and the expressions that share them. */
export class ExpressionAttributes {
  readonly values: Values;
  readonly #names: Record<string, string> | undefined;
  readonly #namesKey: string;
  readonly #hasValues: boolean;
  readonly #usedNames = new Set<string>();
  readonly #usedValues = new Set<string>();

  /** `expressions` are the parameters that could use them. */
  constructor(body: Record<string, unknown>, expressions: readonly ExpressionKind[]) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = body;
    const present = expressions.some((expression) => body[expression] !== undefined);
    if (names !== undefined && !present) {
      throw validation('ExpressionAttributeNames can only be specified when using expressions');
    }
    const takers = expressions.filter((expression) => expression !== 'ProjectionExpression');
    if (values !== undefined && takers.every((expression) => body[expression] === undefined)) {
      const missing = `${takers.join(' and ')} ${takers.length > 1 ? 'are' : 'is'} null`;
      throw validation(`ExpressionAttributeValues can only be specified when using expressions: ${missing}`);
    }
    this.#names = names === undefined ? undefined : readNames(names);
    this.#namesKey = names === undefined ? '' : JSON.stringify(names);
    this.#hasValues = values !== undefined;
    this.values = values === undefined ? EMPTY : readValues(values);
  }

  condition(kind: ExpressionKind, text: string): Parsed<Condition> {
    const parsed = this.#parse(kind, text, () => parseCondition(kind, text, this.#names ?? {}));
    checkConditionTypes(parsed.tree, this.values, (message) => validation(`Invalid ${kind}: ${message}`));
    return parsed;
  }

  update(text: string): readonly UpdateAction[] {
    const { tree } = this.#parse('UpdateExpression', text, () => parseUpdate(text, this.#names ?? {}));
    checkUpdateTypes(tree, this.values, (message) => validation(`Invalid UpdateExpression: ${message}`));
    return tree;
  }

  projection(text: string): readonly Path[] {
    return this.#parse('ProjectionExpression', text, () => parseProjection(text, this.#names ?? {})).tree;
  }

  /** Raises DynamoDB's error for names and values that no expression used. */
  finish(): void {
    const unused = (keys: Iterable<string>, used: ReadonlySet<string>): string =>
      [...keys].filter((key) => !used.has(key)).join(', ');
    const names = this.#names ? unused(Object.keys(this.#names), this.#usedNames) : '';
    if (names) throw validation(`Value provided in ExpressionAttributeNames unused in expressions: keys: {${names}}`);
    const values = this.#hasValues ? unused(this.values.keys(), this.#usedValues) : '';
    if (values)
      throw validation(`Value provided in ExpressionAttributeValues unused in expressions: keys: {${values}}`);
  }

  #parse<T>(kind: ExpressionKind, text: string, parse: () => Parsed<T>): Parsed<T> {
    const parsed = cached(`${kind}\n${text}\n${this.#namesKey}`, parse);
    for (const name of parsed.names) this.#usedNames.add(name);
    for (const name of parsed.values) {
      if (!this.values.has(name)) {
        throw validation(
          `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${name}`,
        );
      }
      this.#usedValues.add(name);
    }
    return parsed;
  }
}
