import { CrmError } from '../core/errors.ts';
import type { CrmRecord } from './record.ts';

/** The tag of a record's version, for `ETag` and `If-Match` (RFC 9110, 13.1.1). */
export const etagOf = ({ version }: Pick<CrmRecord, 'version'>): string => `"${version}"`;

/** @throws CrmError 412 when the record is not at a version that `If-Match` names. `*` and no header mean any version. */
export function requireMatch(ifMatch: string | undefined, record: Pick<CrmRecord, 'version'> | undefined): void {
  if (ifMatch === undefined || (ifMatch.trim() === '*' && record)) return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (record && tags.includes(etagOf(record))) return;
  throw new CrmError(
    'CONFLICT',
    'The record is not at the version that If-Match names: somebody changed it meanwhile',
    {
      status: 412,
      subCategory: 'PRECONDITION_FAILED',
      ...(record && { context: { etag: [etagOf(record)] } }),
    },
  );
}
