import { Unzip, UnzipInflate } from 'fflate';
import type { CrmError } from '../../core/errors.ts';
import { importLimits, unreadable } from './unreadable.ts';

/** So little at a time that even the densest of archives gives 16 MB at once. */
const pieceBytes = 16 * 1024;

/**
 * Unpacks the named files of an archive piece by piece, in the order in which they lie in it. What one piece of input gave is yielded
 * before the next is read. @throws CrmError 400 when it is no archive, or unpacks to more than an import takes
 */
export function* unpacked(
  archive: Uint8Array,
  wants: (name: string) => boolean,
  most: number = importLimits.xlsxUnpackedBytes,
): Generator<{ readonly name: string; readonly data: Uint8Array; readonly final: boolean }> {
  let given: { name: string; data: Uint8Array; final: boolean }[] = [];
  let bytes = 0;
  let problem: CrmError | undefined;
  const unzip = new Unzip((file) => {
    if (!wants(file.name)) return;
    file.ondata = (error, data, final) => {
      if (error) problem ??= broken();
      if (problem) return;
      bytes += data.length;
      if (bytes > most) problem = tooLarge(most);
      else given.push({ name: file.name, data, final });
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let at = 0; at < archive.length; at += pieceBytes) {
    try {
      unzip.push(archive.subarray(at, at + pieceBytes), at + pieceBytes >= archive.length);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      problem ??= broken();
    }
    if (problem) throw problem;
    const ready = given;
    given = [];
    yield* ready;
  }
}

const broken = () => unreadable('The spreadsheet is damaged: it cannot be unpacked', 'INVALID_SPREADSHEET');

const tooLarge = (most: number) =>
  unreadable(
    `The spreadsheet unpacks to more than ${most / 1024 / 1024} MB, which is the most; save it as CSV`,
    'INVALID_SPREADSHEET',
  );

/** The start of every zip archive. */
export const isArchive = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
