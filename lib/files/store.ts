import * as z from 'zod/mini';
import { presignPut, putFile } from '../aws/files.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { absent } from '../table/conditions.ts';
import { fileKey } from '../table/import-keys.ts';

/** The longest that an upload may take to begin. */
const uploadSeconds = 3600;
/** When S3 takes a file away. */
const fileKeptDays = 30;

const StoredFile = z.object({ id: z.string(), name: z.string(), key: z.string(), size: z.number() });
export type StoredFile = z.output<typeof StoredFile>;

type FileFacts = { readonly name: string; readonly contentType: string; readonly size: number };

async function keepFile(app: App, { name, contentType, size }: FileFacts): Promise<StoredFile> {
  const id = app.newId();
  const file = { id, name, key: `uploads/${id}`, size };
  const expiresAt = Math.floor(Date.parse(app.now()) / 1000) + fileKeptDays * 86_400;
  await app.table.commit([{ put: { ...fileKey(id), entity: 'file', ...file, contentType, expiresAt }, when: absent }]);
  return file;
}

/** A place for a file, and the address to which its bytes are PUT within the hour: exactly as many as were said. */
export async function reserveFile(app: App, facts: FileFacts) {
  const { id, key } = await keepFile(app, facts);
  const expiresAt = new Date(Date.parse(app.now()) + uploadSeconds * 1000).toISOString();
  return { fileId: id, uploadUrl: await presignPut(key, facts.size, uploadSeconds), expiresAt };
}

/** Keeps a file that came with a request. */
export async function storeFile(app: App, facts: Omit<FileFacts, 'size'>, bytes: Uint8Array): Promise<StoredFile> {
  const file = await keepFile(app, { ...facts, size: bytes.length });
  await putFile(file.key, bytes, facts.contentType);
  return file;
}

/** @throws CrmError 400: it is named in a body */
export async function readStoredFile(app: App, id: string): Promise<StoredFile> {
  const file = await app.table.get(fileKey(id), StoredFile);
  if (file) return file;
  throw new CrmError('VALIDATION_ERROR', `No file with ID ${id} exists`, { context: { fileId: [id] } });
}
