import type { App } from '../core/app.ts';
import { changeSetKey } from '../table/change-set-keys.ts';
import { ChangeSet } from './schema.ts';

/** Whether a change belongs to the change set that is undone, or to what undid and redid it before. */
export type Family = (changeSetId: string | undefined) => Promise<boolean>;

/** The change set that this one goes back to, through what undid it and what undid that. */
async function rootOf(app: App, id: string, known: Map<string, string>): Promise<string> {
  const seen: string[] = [];
  let at = id;
  while (!known.has(at)) {
    seen.push(at);
    const undoes = (await app.table.get(changeSetKey(at), ChangeSet))?.undoes;
    if (undoes === undefined) known.set(at, at);
    else at = undoes;
  }
  const root = known.get(at) ?? at;
  for (const each of seen) known.set(each, root);
  return root;
}

/** Changes of one family are not later edits to each other: an undo that was undone left things as they had been. */
export async function familyOf(app: App, id: string): Promise<Family> {
  const known = new Map<string, string>();
  const own = await rootOf(app, id, known);
  return async (changeSetId) => changeSetId !== undefined && (await rootOf(app, changeSetId, known)) === own;
}
