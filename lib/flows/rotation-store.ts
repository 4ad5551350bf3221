import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absent, attributes } from '../table/conditions.ts';
import { rotationKey } from '../table/keys.ts';
import type { Write } from '../table/write.ts';

/** Whose turn was the last, and how many there were. */
const Turn = z.object({ count: z.number(), ownerId: z.optional(z.string()) });
export type Turn = z.output<typeof Turn>;

export const readTurn = async (app: App, flowId: string, actionId: string): Promise<Turn> =>
  (await app.table.get(rotationKey(flowId, actionId), Turn)) ?? { count: 0 };

/** Gives the next turn to an owner, unless somebody else took it since. */
export const turnWrite = (flowId: string, actionId: string, last: Turn, ownerId: string): Write => ({
  put: { ...rotationKey(flowId, actionId), entity: 'rotation', count: last.count + 1, ownerId },
  when: last.count === 0 ? absent : attributes({ count: last.count }),
});
