import type { App } from '../core/app.ts';
import { type Move, moveAssociations } from './move.ts';
import { moveMemberships } from './move-memberships.ts';

const atOnce = 50;

/** Moves everything that hangs on a merged record to the survivor. Safe to repeat. */
export async function moveAll(app: App, move: Move): Promise<void> {
  while ((await moveAssociations(app, move, atOnce)) > 0);
  let after: string | undefined;
  do after = (await moveMemberships(app, move, { limit: atOnce, after })).after;
  while (after !== undefined);
}
