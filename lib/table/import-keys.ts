import { createHash } from 'node:crypto';
import type { Key } from './keys.ts';

const digits = (n: number) => String(n).padStart(7, '0');

export const fileKey = (id: string): Key => ({ pk: `file#${id}`, sk: 'file' });

export const importPartition = (id: string) => `import#${id}`;
export const importKey = (id: string): Key => ({ pk: importPartition(id), sk: 'import' });
/** gsi1: all imports by id. */
export const importListing = 'imports';
/** What a row did to a record: written with the change, once. */
export const importMarkKey = (id: string, file: number, line: number, objectType: string): Key => ({
  pk: `${importPartition(id)}#${file}#${digits(line).slice(0, 4)}`,
  sk: `row#${digits(line)}#${objectType}`,
});
/** Which record a row of one file made, for rows of the others that name it. */
export const importRecordKey = (id: string, objectType: string, name: string): Key => ({
  pk: `${importPartition(id)}#record#${objectType}#${name}`,
  sk: 'record',
});
/** A unique value that a row of a trial would take. */
export const importTrialKey = (id: string, value: string): Key => ({
  pk: `${importPartition(id)}#trial#${createHash('sha256').update(value).digest('base64url')}`,
  sk: 'record',
});
/** A chunk in which rows went wrong; their errors lie in a file. */
export const importErrorsPrefix = 'errors#';
export const importErrorsKey = (id: string, chunk: number): Key => ({
  pk: importPartition(id),
  sk: `${importErrorsPrefix}${digits(chunk)}`,
});
/** The mapping that was last used for a set of column names. */
export const importMappingKey = (objectType: string, headers: string): Key => ({
  pk: `import-mapping#${objectType}#${headers}`,
  sk: 'mapping',
});

export const exportKey = (id: string): Key => ({ pk: `export#${id}`, sk: 'export' });
