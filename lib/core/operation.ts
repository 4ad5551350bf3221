import type * as z from 'zod/mini';
import { aliasesOf } from './aliases.ts';

/** Work queues that a function may send to; `events/queues.ts` says who reads each. */
export type QueueName = 'flow-steps' | 'jobs' | 'bulk-mail' | 'salesforce' | 'list-checks' | 'visits';

/**
 * What a function may touch. Each is one grant and the variables that make it usable, always together
 * (`cdk/constructs/capabilities.ts`); a function has nothing else.
 */
export type Capability =
  | 'table:read'
  | 'table:write'
  | 'files:read'
  | 'files:write'
  | 'mails:read'
  | 'mails:write'
  | 'mails:delete'
  | 'inbox-address'
  | 'bus:publish'
  | 'mail:send'
  | 'mail:bulk'
  | 'mail:quota'
  | `queue:${QueueName}`
  | 'secret:access-token:read'
  | 'secret:slack:read'
  | 'secret:slack:write'
  | 'secret:salesforce:read'
  | 'secret:salesforce:write'
  | 'secret:link-keys:read'
  | 'public-url'
  | 'http:outgoing';

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** API Gateway's route key. `$default` takes what no other route does. */
export type Route = `${Method} /${string}` | '$default';

export type Operation = {
  /** Path variables are `{name}`. */
  readonly route: Route;
  /** Other paths of the same operation, served by the same function (HubSpot's aliases). */
  readonly also?: readonly Route[];
  readonly summary: string;
  /**
   * The scope a token needs; `{objectType}` and the like are filled from the path (`lib/core/scopes.ts`).
   * `null` = any valid token. Operations of the `public` API have no token at all and say `'public'`.
   */
  readonly scope: string | null | 'public';
  readonly path?: z.ZodMiniType;
  readonly query?: z.ZodMiniType;
  /** JSON body. An operation without it ignores what is sent. */
  readonly body?: z.ZodMiniType;
  /** A body that is not JSON (a form post): the handler gets the raw text as `text`. */
  readonly rawBody?: boolean;
  /** With `rawBody`: `text` has a letter for each byte (latin1), because the body is not text (files). */
  readonly binaryBody?: boolean;
  /** The exact success codes of HubSpot's contract; the first is the default one. */
  readonly status: number | readonly [number, ...number[]];
  /** Shape of the success body; absent for 204 and for pages. */
  readonly output?: z.ZodMiniType;
  readonly uses: readonly Capability[];
  /** Whether it heeds `If-Match`; operations that do not refuse the header. */
  readonly ifMatch?: boolean;
  /** Whether a second run of a request with an `Idempotency-Key` does nothing twice; default: yes but for POST. */
  readonly repeatable?: boolean;
  /** HubSpot's client sends the token of these as `?hapikey=`; then it may stand there, too. */
  readonly tokenInQuery?: boolean;
  /** Largest accepted body in bytes; default 1 MiB. */
  readonly maxBodyBytes?: number;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
};

/** How long an operation may take unless its row says otherwise. */
export const usualOperationSeconds = 20;

export type Registered<Op extends Operation = Operation> = Op & { readonly id: string };

/** A function that no route reaches: it is started by the stream, a rule, a queue or a schedule. */
export type Worker = {
  readonly summary: string;
  readonly uses: readonly Capability[];
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
};
export type RegisteredWorker = Worker & { readonly id: string };

/** Registers one area's rows. The id is the entry file: `functions/<area>/<row in kebab case>.ts`. */
export const operations = <const T extends Record<string, Operation>>(area: string, table: T) =>
  named(area, table) as { [K in keyof T]: Registered<T[K]> };

/** Registers one area's workers; ids are file names as for operations. */
export const workers = <const T extends Record<string, Worker>>(area: string, table: T) =>
  named(area, table) as { [K in keyof T]: T[K] & { readonly id: string } };

const named = <T extends object>(area: string, table: Record<string, T>) =>
  Object.fromEntries(Object.entries(table).map(([key, row]) => [key, { ...row, id: `${area}/${kebab(key)}` }]));

const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Routes that a row names itself, the main one first. */
export const ownRoutesOf = (operation: Operation): readonly Route[] => [operation.route, ...(operation.also ?? [])];

/** Routes of one row: the main one first, its own other paths, and HubSpot's other spellings of all of them. */
export function routesOf(operation: Operation): readonly Route[] {
  const own = ownRoutesOf(operation);
  const aliases = own.flatMap((route) => {
    const [method, path = ''] = route.split(' ');
    return aliasesOf(path).map((alias) => `${method} ${alias}` as Route);
  });
  return [...own, ...aliases];
}

/** Rows of the public API (forms, pages) carry no token; all others stand behind `authorise`. */
export const isPublic = (operation: Operation): boolean => operation.scope === 'public';

/** Whether an operation is carried out once for an `Idempotency-Key`: all that write with a token. */
export const heedsKey = (operation: Operation): boolean =>
  !isPublic(operation) && !operation.route.startsWith('GET ') && operation.uses.includes('table:write');
