import type { Operation, Registered, RegisteredWorker } from '../lib/core/operation.ts';
import { limits } from './limits/operations.ts';
import { openapi } from './openapi/operations.ts';
import { streamWorkers } from './stream/operations.ts';

/** Every operation, area by area: the whole API on two screens (`npm run operations` prints it). */
export const operations: readonly Registered<Operation>[] = [limits, openapi].flatMap((area) => Object.values(area));

/** Every worker: what the stream, rules, queues and schedules start. */
export const workers: readonly RegisteredWorker[] = [streamWorkers].flatMap((area) => Object.values(area));
