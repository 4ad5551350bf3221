import { CrmError } from '../../core/errors.ts';

/** A file that cannot be imported, in words for who made it. `errorType` is HubSpot's. */
export const unreadable = (message: string, errorType = 'COULD_NOT_PARSE_ROW', line = 1): CrmError =>
  new CrmError('VALIDATION_ERROR', message, { context: { errorType: [errorType], line: [String(line)] } });

/** What an import takes at most. */
export const importLimits = {
  rows: 1_000_000,
  columns: 1000,
  /** A CSV file. */
  csvBytes: 200 * 1024 * 1024,
  /** A spreadsheet is unpacked in memory, so it is less. */
  xlsxBytes: 30 * 1024 * 1024,
  xlsxUnpackedBytes: 300 * 1024 * 1024,
  /** All distinct texts of a spreadsheet. */
  xlsxTextBytes: 64 * 1024 * 1024,
  /** One row of a CSV file. */
  rowBytes: 1024 * 1024,
} as const;

/** A row of a file: where it ends in bytes (CSV only) says where a later slice goes on. */
export type SourceRow = { readonly line: number; readonly cells: readonly string[]; readonly end: number };
