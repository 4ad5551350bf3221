import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Actor } from '../../events/define.ts';
import type { RecordRef } from '../table/keys.ts';
import type { Meter } from '../table/meter.ts';
import { Table } from '../table/table.ts';
import { environment, portalId } from './environment.ts';
import { newEventId, newId } from './ids.ts';

/** What a handler works with: the table, the time, fresh ids, and who asks for what reason. */
export type App = {
  readonly table: Table;
  readonly portalId: number;
  readonly now: () => string;
  readonly newId: () => string;
  readonly newEventId: () => string;
  readonly actor: Actor;
  /** What the token of the request may do; absent where there is none (workers, public pages). */
  readonly scopes?: readonly string[];
  /** The events that led here; empty for a request. Goes into every event that is written. */
  readonly cause: readonly string[];
  /** The change set that everything written belongs to, if it is part of one. Goes into every event that is written. */
  readonly changeSetId?: string;
  /** What is written must set no flow off. Goes into every event that is written. */
  readonly suppressFlows?: true;
  /** There for a request with an `Idempotency-Key`: what it writes is marked, so that a second run does it once. */
  readonly once?: Once;
  /** What this invocation has read already; the messages of one batch share it. Nothing in it is older than the invocation. */
  readonly memo: Map<string, unknown>;
};

/** A request's `Idempotency-Key`, hashed with its caller; `again` when an earlier run of it died. */
export type Once = { readonly hash: string; readonly again: boolean };

/** One client for the life of the function. Short time-outs: a lost answer is repeated with the same token, not waited for. */
let client: DynamoDBDocumentClient | undefined;
const documentClient = () => {
  client ??= DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: 5,
      requestHandler: {
        connectionTimeout: 1000,
        requestTimeout: 2500,
        throwOnRequestTimeout: true,
        httpsAgent: { maxSockets: 50 },
      },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  return client;
};

/** The composition root: the only place where a handler's dependencies are made. */
export const app = ({
  actor,
  scopes,
  cause = [],
  changeSetId,
  meter,
  memo = new Map(),
}: {
  actor: Actor;
  scopes?: readonly string[];
  cause?: readonly string[];
  changeSetId?: string;
  meter?: Meter;
  memo?: Map<string, unknown>;
}): App => ({
  table: new Table(documentClient(), environment('TABLE_NAME'), meter),
  portalId: portalId(),
  now: () => new Date().toISOString(),
  newId: () => newId(),
  newEventId: () => newEventId(),
  actor,
  ...(scopes && { scopes }),
  cause,
  ...(changeSetId !== undefined && { changeSetId }),
  memo,
});

/** What every event of a record carries that this invocation writes. */
export const envelopeOf = (app: App, { objectType, id }: RecordRef, occurredAt = app.now()) => ({
  id: app.newEventId(),
  objectType,
  recordId: id,
  occurredAt,
  actor: app.actor,
  cause: [...app.cause],
  ...(app.changeSetId !== undefined && { changeSetId: app.changeSetId }),
  ...(app.suppressFlows && { suppressFlows: true }),
});
