import * as z from 'zod/mini';
import { beginUpload, completeUpload, fileSize, readFile, smallestPartBytes, uploadPart } from '../aws/files.ts';

/** How far a file is that is put together from pieces. */
export const Assembly = z.object({ uploadId: z.string(), piece: z.number(), tags: z.array(z.string()) });
export type Assembly = z.output<typeof Assembly>;

type Order = {
  readonly key: string;
  readonly contentType: string;
  /** The keys of the pieces, in order. */
  readonly pieceKey: (piece: number) => string;
  readonly pieces: number;
};

/** So many parts in one slice, of a few megabytes each. */
const partsPerSlice = 4;

/**
 * Puts a file together from pieces, some parts of 5 MB or more at a time, with one part in memory. Returns where to go on, or nothing
 * when the file is there. A repeat puts the same part again, and one that comes after the last finds the file.
 */
export async function assemble(order: Order, at: Assembly | undefined): Promise<Assembly | undefined> {
  const { key, contentType, pieces } = order;
  // The process may have died between the last part and what says so: the upload is no more then, its file is.
  if (at && (await fileSize(key)) !== undefined) return undefined;
  const uploadId = at?.uploadId ?? (await beginUpload(key, contentType));
  const tags = [...(at?.tags ?? [])];
  let piece = at?.piece ?? 0;
  for (let parts = 0; parts < partsPerSlice && piece < pieces; parts += 1) {
    const { body, next } = await partFrom(order, piece);
    tags.push(await uploadPart(key, { uploadId, number: tags.length + 1, body }));
    piece = next;
  }
  if (piece < pieces) return { uploadId, piece, tags };
  await completeUpload(key, uploadId, tags);
  return undefined;
}

async function partFrom({ pieceKey, pieces }: Order, from: number): Promise<{ body: Buffer; next: number }> {
  const held: Buffer[] = [];
  let bytes = 0;
  let piece = from;
  while (piece < pieces && bytes < smallestPartBytes) {
    const content = await readFile(pieceKey(piece));
    if (!content) throw new Error(`A piece of a file is missing: ${pieceKey(piece)}`);
    held.push(content);
    bytes += content.length;
    piece += 1;
  }
  return { body: Buffer.concat(held), next: piece };
}
