import type { Store } from '../store.ts';
import { ApiError } from './api-error.ts';
import type { Calls } from './calls.ts';
import type { Input } from './input.ts';
import { objectNamed } from './objects.ts';
import type { Queries } from './queries.ts';
import type { Records } from './records.ts';
import type { OrgSettings } from './settings.ts';
import type { SObject } from './sobject.ts';
import type { Author, Writes } from './writes.ts';

/** A call of the REST API that has been let in. */
export type RestRequest = {
  readonly method: string;
  /** What follows `/services/data/v63.0`, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly version: string;
  /** The org's clock in milliseconds. */
  readonly now: number;
  readonly author: Author;
};

export type RestAnswer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What the routes work on. */
export type Engine = {
  readonly store: Store;
  readonly records: Records;
  readonly writes: Writes;
  readonly queries: Queries;
  readonly settings: OrgSettings;
  readonly calls: Calls;
};

export type RestRoute = {
  readonly method: string;
  readonly path: RegExp;
  /** Under which the call is counted, and the action that a fault may name. */
  readonly kind: string;
  readonly run: (engine: Engine, request: RestRequest, parameters: readonly string[]) => RestAnswer;
};

export const restRoute = (method: string, path: string, kind: string, run: RestRoute['run']): RestRoute => ({
  method,
  path: new RegExp(`^${path}/?$`, 'i'),
  kind,
  run,
});

/** @throws ApiError NOT_FOUND, as an unknown address has it */
export function objectOfPath(name: string): SObject {
  const type = objectNamed(name);
  if (!type) throw new ApiError('NOT_FOUND', 'The requested resource does not exist');
  return type;
}

/** A body that has to be an object. @throws ApiError JSON_PARSER_ERROR */
export function objectBody(body: unknown): Input {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Input;
  throw new ApiError('JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.');
}

/** `Sforce-Duplicate-Rule-Header: allowSave=true` lets a write through a rule that only warns. */
export const allowsDuplicates = (headers: Readonly<Record<string, string>>): boolean =>
  /allowSave\s*=\s*true/i.test(headers['sforce-duplicate-rule-header'] ?? '');
