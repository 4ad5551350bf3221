import { createHash } from 'node:crypto';
import type { App } from '../core/app.ts';
import { importMappingKey } from '../table/import-keys.ts';
import { type FilePlan, isMapped } from './mapping.ts';
import { unreadable } from './read/unreadable.ts';
import type { ColumnMapping, ImportFile } from './schema.ts';

/** The names in a header row, without what people cannot see. @throws CrmError 400 when the columns are not those of the mapping */
export function readHeader(cells: readonly string[], file: ImportFile): string[] {
  const header = cells.map((cell) => cell.replace(/^\ufeff/, '').trim());
  const twice = [...new Set(header.filter((name, position) => name !== '' && header.indexOf(name) !== position))];
  if (twice.length > 0) {
    throw unreadable(
      `${file.fileName}: the header has a column more than once: ${twice.join(', ')}`,
      'INVALID_COLUMN_CONFIGURATION',
    );
  }
  const missing = mappedColumns(file).filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw unreadable(
      `${file.fileName}: the header lacks mapped columns: ${missing.join(', ')}; it has ${header.slice(0, 20).join(', ')}`,
      'INVALID_COLUMN_CONFIGURATION',
    );
  }
  return header;
}

const mappedColumns = ({ fileImportPage }: ImportFile) =>
  fileImportPage.columnMappings.filter(isMapped).map(({ columnName }) => columnName.trim());

/** The same columns in another order are the same kind of file. */
export const headerSet = (header: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(header.map((name) => name.normalize('NFKC').trim().toLowerCase()).toSorted()))
    .digest('base64url');

/** Keeps how the columns of a file were mapped, for the next file with the same ones. */
export async function rememberMapping(
  app: App,
  header: readonly string[],
  file: ImportFile,
  plan: FilePlan,
): Promise<void> {
  const mappings: readonly ColumnMapping[] = file.fileImportPage.columnMappings;
  const set = headerSet(header);
  await app.table.commit(
    plan.types.map(({ type: { objectTypeId } }) => ({
      put: { ...importMappingKey(objectTypeId, set), entity: 'import-mapping', mappings, usedAt: app.now() },
    })),
  );
}
