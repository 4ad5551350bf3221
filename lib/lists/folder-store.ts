import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { absent, attributes, present } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { listFolderKey, listFolderPartition, listFolderPrefix, listFolderTreeKey } from '../table/list-keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { saveList, touched } from './change.ts';
import { folderNotFound } from './errors.ts';
import {
  checkCount,
  checkPlace,
  type FolderCreate,
  type FolderNode,
  folderNode,
  StoredFolder,
  topmost,
} from './folder.ts';
import { enterFolder, leaveFolder } from './folder-steps.ts';
import { allLists, readList } from './store.ts';

const Tree = z.object({ turn: z.number(), lastId: z.number() });

export const findFolder = (app: App, id: string): Promise<StoredFolder | undefined> =>
  app.table.get(listFolderKey(id), StoredFolder);

const allFolders = (app: App): Promise<StoredFolder[]> =>
  app.table.all({ pk: listFolderPartition, prefix: listFolderPrefix }, StoredFolder);

/** A folder with all folders and lists under it; the lists with a lag of the index. @throws CrmError 404 */
export async function readFolder(app: App, folderId: string): Promise<FolderNode> {
  const [folders, lists] = await Promise.all([allFolders(app), allLists(app)]);
  if (folderId !== topmost && !folders.some(({ id }) => id === folderId)) throw folderNotFound(folderId);
  return folderNode(folderId, folders, lists);
}

/** Those who change the tree take turns: each sees what the one before made of it. */
const changeTree = (
  app: App,
  decide: (folders: readonly StoredFolder[], newId: string) => readonly Step[],
): Promise<string> =>
  contend(async () => {
    const tree = await app.table.get(listFolderTreeKey, Tree);
    const newId = (tree?.lastId ?? 0) + 1;
    const steps = decide(await allFolders(app), String(newId));
    const next = { ...listFolderTreeKey, entity: 'list-folder-tree', turn: (tree?.turn ?? 0) + 1, lastId: newId };
    const when = tree ? attributes({ turn: tree.turn }) : absent;
    await commitOrThrow(app.table, [orStale({ put: next, when }), ...steps]);
    return String(newId);
  });

/** @throws CrmError 404 for an unknown parent, 400 as `checkPlace` says */
export function createFolder(app: App, { name, parentFolderId }: FolderCreate): Promise<string> {
  return changeTree(app, (folders, id) => {
    checkCount(folders);
    checkPlace(folders, { name, parentFolderId });
    const now = app.now();
    const folder: StoredFolder = {
      id,
      name,
      parentFolderId,
      lists: 0,
      ...(app.actor.kind === 'user' && /^\d{1,15}$/.test(app.actor.id) && { userId: app.actor.id }),
      createdAt: now,
      updatedAt: now,
    };
    return [orStale({ put: { ...listFolderKey(id), entity: 'list-folder', ...folder }, when: absent })];
  });
}

/** Gives a folder another name or another place, with all that lies under it. @throws CrmError 404, 400 as `checkPlace` says */
export async function changeFolder(
  app: App,
  folderId: string,
  change: { readonly name?: string; readonly parentFolderId?: string },
): Promise<void> {
  await changeTree(app, (folders) => {
    const folder = folders.find(({ id }) => id === folderId);
    if (!folder) throw folderNotFound(folderId);
    checkPlace(folders, { ...folder, ...change });
    return [orStale({ update: listFolderKey(folderId), set: { ...change, updatedAt: app.now() }, when: present })];
  });
}

/** Deletes an empty folder. @throws CrmError 404, 400 when something lies in it */
export async function removeFolder(app: App, folderId: string): Promise<void> {
  await changeTree(app, (folders) => {
    if (!folders.some(({ id }) => id === folderId)) throw folderNotFound(folderId);
    if (folders.some(({ parentFolderId }) => parentFolderId === folderId)) throw notEmpty(folderId);
    const remove = { remove: listFolderKey(folderId), when: attributes({ lists: 0 }) };
    return [{ write: remove, refused: () => notEmpty(folderId) }];
  });
}

const notEmpty = (folderId: string) =>
  new CrmError('VALIDATION_ERROR', `Folder ${folderId} is not empty: move what lies in it first`, {
    subCategory: 'ILS.LIST_FOLDER_NOT_EMPTY',
    context: { folderId: [folderId] },
  });

/** @throws CrmError 404 for an unknown list or folder */
export const moveList = (app: App, listId: string, newFolderId: string): Promise<void> =>
  contend(async () => {
    const list = await readList(app, listId);
    const to = newFolderId === topmost ? undefined : newFolderId;
    if (to === list.folderId) return;
    const { folderId: from, ...rest } = list;
    const moved = { ...touched(app, rest, {}), ...(to !== undefined && { folderId: to }) };
    await saveList(app, list, moved, [...leaveFolder(app, from), ...enterFolder(app, to)]);
  });
