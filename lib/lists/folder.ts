import * as z from 'zod/mini';
import { ObjectId } from '../associations/schema.ts';
import { CrmError } from '../core/errors.ts';
import { folderNotFound } from './errors.ts';

/** The folder that all others and all lists without one lie in. */
export const topmost = '0';
const mostFolders = 1000;
const deepest = 10;

const FolderName = z.string().check(z.minLength(1), z.maxLength(200));
export const FolderCreate = z.object({ name: FolderName, parentFolderId: z._default(ObjectId, topmost) });
export type FolderCreate = z.output<typeof FolderCreate>;
export const FolderPath = z.object({ folderId: z.string() });
export const FolderMovePath = z.extend(FolderPath, { newParentFolderId: z.string() });
export const FolderRename = z.object({ newFolderName: z.optional(FolderName) });
export const ListMove = z.object({ listId: ObjectId, newFolderId: ObjectId });

export const StoredFolder = z.object({
  id: z.string(),
  name: z.string(),
  parentFolderId: z.string(),
  /** How many lists lie in it: one with lists is not deleted. */
  lists: z.number(),
  userId: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  updatedContentsAt: z.optional(z.string()),
});
export type StoredFolder = z.output<typeof StoredFolder>;

/** HubSpot's folder: ids are numbers, and a folder comes with all that lies under it. */
export const PublicFolder = z.object({
  id: z.number(),
  name: z.optional(z.string()),
  parentFolderId: z.number(),
  get childNodes(): z.ZodMiniArray<z.ZodMiniType> {
    return z.array(PublicFolder);
  },
  childLists: z.array(z.number()),
  userId: z.optional(z.number()),
  createdAt: z.optional(z.string()),
  updatedAt: z.optional(z.string()),
  updatedContentsAt: z.optional(z.string()),
});

export type FolderNode = {
  readonly id: number;
  readonly name?: string;
  readonly parentFolderId: number;
  readonly childNodes: FolderNode[];
  readonly childLists: number[];
};

type Placed = { readonly listId: string; readonly folderId?: string | undefined };

/** The folder with what lies under it. */
export function folderNode(folderId: string, folders: readonly StoredFolder[], lists: readonly Placed[]): FolderNode {
  const children = Map.groupBy(folders, ({ parentFolderId }) => parentFolderId);
  const placed = Map.groupBy(lists, (list) => list.folderId ?? topmost);
  const nodeOf = (id: string): FolderNode => ({
    ...factsOf(folders.find((each) => each.id === id)),
    childNodes: (children.get(id) ?? []).map((child) => nodeOf(child.id)),
    childLists: (placed.get(id) ?? []).map(({ listId }) => Number(listId)),
  });
  return nodeOf(folderId);
}

function factsOf(folder: StoredFolder | undefined) {
  if (!folder) return { id: Number(topmost), parentFolderId: Number(topmost) };
  const { id, parentFolderId, userId, lists: _, ...rest } = folder;
  const numbers = { id: Number(id), parentFolderId: Number(parentFolderId) };
  return { ...rest, ...numbers, ...(userId !== undefined && { userId: Number(userId) }) };
}

/**
 * Whether a folder may lie there under this name.
 * @throws CrmError 404 for an unknown parent; 400 under itself, more than 10 deep, or beside one of the same name
 */
export function checkPlace(
  folders: readonly StoredFolder[],
  { id, name, parentFolderId }: { readonly id?: string; readonly name: string; readonly parentFolderId: string },
): void {
  const above = ancestorsOf(folders, parentFolderId);
  if (id !== undefined && above.includes(id)) throw refused('A folder cannot be moved into itself', 'parentFolderId');
  const under = id === undefined ? 1 : heightOf(folders, id);
  if (above.length + under > deepest) throw refused(`Folders lie at most ${deepest} deep`, 'parentFolderId');
  const twin = folders.some(
    (each) => each.id !== id && each.parentFolderId === parentFolderId && fold(each.name) === fold(name),
  );
  if (twin) throw refused(`A folder with the name '${name}' exists there already`, 'name');
}

/** @throws CrmError 400 when there are as many folders as there can be */
export function checkCount(folders: readonly StoredFolder[]): void {
  if (folders.length >= mostFolders) throw refused(`There can be ${mostFolders} folders`, 'name');
}

const fold = (name: string) => name.normalize('NFKC').trim().toLowerCase();

function ancestorsOf(folders: readonly StoredFolder[], from: string): string[] {
  const found: string[] = [];
  for (let id = from; id !== topmost; ) {
    const folder = folders.find((each) => each.id === id);
    if (!folder) throw folderNotFound(id);
    found.push(id);
    id = folder.parentFolderId;
  }
  return found;
}

function heightOf(folders: readonly StoredFolder[], id: string): number {
  const below = folders.filter((each) => each.parentFolderId === id).map((child) => heightOf(folders, child.id));
  return 1 + Math.max(0, ...below);
}

const refused = (message: string, field: string) =>
  new CrmError('VALIDATION_ERROR', message, { errors: [{ message, code: 'INVALID_FIELD', in: field }] });
