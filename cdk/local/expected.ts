/** What a sentence explains to the person at the terminal better than a stack trace would. */
export class Expected extends Error {
  override readonly name: string = 'Expected';
}

const full = 'the disk is full; what was answered is kept: make room and start again';
const readOnly = 'it cannot be written';

/** SQLite's primary result codes. */
const databaseTrouble: Readonly<Record<number, string>> = {
  5: 'another Tsunagi works on it: stop that one, or give another folder with --home',
  8: readOnly,
  11: 'its content is damaged: start with --reset to forget it',
  13: full,
  14: 'its files cannot be opened',
  26: 'its files are no databases: start with --reset to forget them',
};

const fileTrouble: Readonly<Record<string, string>> = {
  EACCES: readOnly,
  EEXIST: 'it is a file',
  ENOSPC: full,
  ENOTDIR: 'a part of its path is a file',
  EPERM: readOnly,
  EROFS: readOnly,
};

/** The sentence for an error; undefined for a mistake of the program itself, whose stack trace is needed. */
export function sentenceFor(error: unknown, home: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof Expected) return error.message;
  const { code = '', errcode = 0 } = error as { code?: string; errcode?: number };
  if (code.startsWith('ERR_PARSE_ARGS')) return error.message;
  // The primary code is the low byte of the extended one.
  const trouble = code === 'ERR_SQLITE_ERROR' ? databaseTrouble[errcode & 0xff] : fileTrouble[code];
  return trouble && `The folder ${home} is of no use: ${trouble}.`;
}
