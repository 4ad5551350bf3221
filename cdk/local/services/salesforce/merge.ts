import * as z from 'zod/mini';
import { ApiError } from './api-error.ts';
import { childrenOf } from './cascade.ts';
import type { Input } from './input.ts';
import { objectNamed } from './objects.ts';
import { longId } from './record-id.ts';
import { idOf, isDeleted, type Records, type Stored } from './records.ts';
import type { Author, Writes } from './writes.ts';

const MergeInput = z.strictObject({
  sobject: z.enum(['Account', 'Contact', 'Lead']),
  masterId: z.string(),
  loserId: z.string(),
  /** What the master takes over; without it, it stays as it is. */
  fields: z._default(z.record(z.string(), z.unknown()), {}),
});

/** Salesforce's "Merge": the loser is deleted and names its master, what hung from it hangs from the master. @throws ApiError, zod's error */
export function merge(
  input: unknown,
  { records, writes, author }: { records: Records; writes: Writes; author: Author },
): { masterId: string; loserId: string; moved: number } {
  const { sobject, masterId, loserId, fields } = MergeInput.parse(input);
  const type = objectNamed(sobject);
  const [master, loser] = [masterId, loserId].map((id) => records.get(longId(id) ?? ''));
  if (!type || !isAlive(master) || !isAlive(loser) || master.type !== type || loser.type !== type)
    throw new ApiError('NOT_FOUND', `There are no two such records of ${sobject}`);
  if (idOf(master) === idOf(loser)) throw new ApiError('INVALID_ID_FIELD', 'a record cannot be merged with itself');
  const children = childrenOf(loser, records);
  for (const { child, field } of children) writes.overwrite(child, { [field]: idOf(master) }, author);
  const gone = { ...loser.fields, IsDeleted: true, MasterRecordId: idOf(master), SystemModstamp: author.now };
  records.save({ type, fields: gone }, loser);
  writes.update(type, idOf(master), fields as Input, author);
  return { masterId: idOf(master), loserId: idOf(loser), moved: children.length };
}

const isAlive = (record: Stored | undefined): record is Stored => record !== undefined && !isDeleted(record);
