import type { Operation, Registered, RegisteredWorker } from '../lib/core/operation.ts';
import { account, accountWorkers } from './account/operations.ts';
import { forms } from './forms/operations.ts';
import { limits } from './limits/operations.ts';
import { objects } from './objects/operations.ts';
import { openapi } from './openapi/operations.ts';
import { owners } from './owners/operations.ts';
import { streamWorkers } from './stream/operations.ts';
import { users } from './users/operations.ts';

/** Every operation, area by area: the whole API on two screens (`npm run operations` prints it). */
export const operations: readonly Registered<Operation>[] = [account, forms, limits, objects, openapi, owners, users].flatMap((area) => Object.values(area));

/** Every worker: what the stream, rules, queues and schedules start. */
export const workers: readonly RegisteredWorker[] = [accountWorkers, streamWorkers].flatMap((area) => Object.values(area));
