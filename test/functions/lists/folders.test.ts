import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as createFolder } from '../../../functions/lists/create-folder.ts';
import { handler as getFolder } from '../../../functions/lists/get-folder.ts';
import { handler as moveFolder } from '../../../functions/lists/move-folder.ts';
import { handler as moveList } from '../../../functions/lists/move-list.ts';
import { handler as remove } from '../../../functions/lists/remove.ts';
import { handler as removeFolder } from '../../../functions/lists/remove-folder.ts';
import { handler as renameFolder } from '../../../functions/lists/rename-folder.ts';
import { handler as restoreList } from '../../../functions/lists/restore.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { listsOf } from '../../support/lists.ts';

let database: Database;
const { newList, restore } = listsOf(() => database);
const headers = bearer();
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  restore();
  await database.close();
});

type Folder = { id: number; name: string; parentFolderId: number; childNodes: Folder[]; childLists: number[] };
const folderOf = ({ body }: { body: unknown }) => (body as { folder: Folder }).folder;
const made = (name: string, parentFolderId?: unknown) =>
  call(createFolder, { headers, body: { name, ...(parentFolderId !== undefined && { parentFolderId }) } });
const newFolder = async (name: string, parent?: number) => folderOf(await made(name, parent)).id;
const folder = async (id?: number) =>
  folderOf(await call(getFolder, { headers, query: id === undefined ? {} : { folderId: String(id) } }));
const removed = (id: unknown) => call(removeFolder, { headers, path: { folderId: String(id) } });
const moved = (id: number, to: unknown) =>
  call(moveFolder, { headers, path: { folderId: String(id), newParentFolderId: String(to) } });
const placed = (listId: string, newFolderId: unknown) =>
  call(moveList, { headers, body: { listId, newFolderId: String(newFolderId) } });

test('folders lie in folders, and lists in them; the topmost one shows it all', async () => {
  const outer = await newFolder('営業');
  const inner = await newFolder('東日本', outer);
  const listId = await newList({ listFolderId: inner });
  expect(await folder(outer)).toMatchObject({
    id: outer,
    name: '営業',
    parentFolderId: 0,
    childNodes: [{ id: inner, parentFolderId: outer, childLists: [Number(listId)] }],
    childLists: [],
  });
  const loose = await newList();
  const top = await folder();
  expect(top.childLists).toContain(Number(loose));
  expect(top.childNodes.map(({ id }) => id)).toContain(outer);
  expect((await placed(listId, outer)).status).toBe(204);
  expect(await folder(outer)).toMatchObject({ childLists: [Number(listId)], childNodes: [{ childLists: [] }] });
  expect((await placed(listId, 0)).status).toBe(204);
  expect((await folder(outer)).childLists).toEqual([]);
});

test('a folder gets another name and another place, but not within itself nor beside its namesake', async () => {
  const [one, two] = [await newFolder('一'), await newFolder('二')];
  const child = await newFolder('子', one);
  const rename = (id: number, newFolderName?: string) =>
    call(renameFolder, { headers, path: { folderId: String(id) }, query: newFolderName ? { newFolderName } : {} });
  expect(folderOf(await rename(child, '子供'))).toMatchObject({ id: child, name: '子供' });
  expect((await rename(two, '一')).status).toBe(400);
  expect((await rename(two)).status).toBe(400);
  expect((await rename(4711, 'x')).status).toBe(404);
  expect(folderOf(await moved(child, two))).toMatchObject({ parentFolderId: two });
  expect((await moved(two, child)).status).toBe(400);
  expect((await moved(two, two)).status).toBe(400);
  expect((await moved(two, 4711)).status).toBe(404);
  expect((await made('子供', two)).status).toBe(400);
  expect((await made('x', 4711)).status).toBe(404);
  expect((await made('')).status).toBe(400);
});

test('folders lie ten deep at most', async () => {
  let parent = await newFolder('深さ');
  for (let depth = 2; depth <= 10; depth += 1) parent = await newFolder('深さ', parent);
  expect((await made('深さ', parent)).status).toBe(400);
  const pair = await newFolder('対');
  const last = await newFolder('対', pair);
  expect((await moved(last, parent)).status).toBe(400);
});

test('only an empty folder is deleted, also when a list comes into it meanwhile', async () => {
  const id = await newFolder('空でない');
  const child = await newFolder('中', id);
  expect(await removed(id)).toMatchObject({ status: 400, body: { subCategory: 'ILS.LIST_FOLDER_NOT_EMPTY' } });
  expect((await removed(child)).status).toBe(204);
  const listId = await newList();
  const [gone, came] = await Promise.all([removed(id), placed(listId, id)]);
  expect([gone.status, came.status]).toSatisfy(
    (both: number[]) => String(both) === '204,404' || String(both) === '400,204',
  );
  expect((await removed(4711)).status).toBe(404);
  expect((await placed('999', 0)).status).toBe(404);
});

test('many made at once get an id each', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => newFolder(`同時${n}`)));
  expect(new Set(ids).size).toBe(8);
});

test('a list that is deleted does not hold its folder; restored, it goes back, or to the top when the folder is gone', async () => {
  const id = await newFolder('戻る');
  const listId = await newList({ listFolderId: id });
  const path = { listId };
  await call(remove, { headers, path });
  expect((await call(restoreList, { headers, path })).status).toBe(204);
  expect((await folder(id)).childLists).toEqual([Number(listId)]);
  await call(remove, { headers, path });
  expect((await removed(id)).status).toBe(204);
  expect((await call(restoreList, { headers, path })).status).toBe(204);
  expect((await folder()).childLists).toContain(Number(listId));
});
