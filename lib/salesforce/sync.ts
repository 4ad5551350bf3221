import type { App } from '../core/app.ts';
import { isMember } from '../lists/store.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { SalesforceClient } from './client.ts';
import { park, type Trouble } from './errors.ts';
import { personRef } from './link.ts';
import { mappingsFor } from './plan.ts';
import { externalIdField, type Settings, type Sobject, type StoredMapping } from './schema.ts';

/** What one slice of a run works with. */
export type Sync = {
  /** Writes as Salesforce. */
  readonly app: App;
  readonly client: SalesforceClient;
  readonly settings: Settings;
  /** Columns that the org does not have any more are taken out for the rest of the run. */
  mappings: readonly StoredMapping[];
  /** What happened since the run was saved last. */
  readonly counts: { pulled: number; pushed: number; skipped: number; errors: number };
  /** There are refusals, which a success may put an end to. */
  hasErrors: boolean;
  readonly outOfTime: () => boolean;
};

/** Keeps a refusal and counts it. */
export async function refuse(sync: Sync, trouble: Trouble): Promise<void> {
  sync.counts.errors += 1;
  sync.hasErrors = true;
  await park(sync.app, trouble);
}

const peopleFields: Readonly<Record<Sobject, readonly string[]>> = {
  Contact: [],
  Lead: ['IsConverted', 'ConvertedContactId'],
};

/** What is asked of Salesforce about a person. */
export const fieldsOf = ({ mappings }: Pick<Sync, 'mappings'>, sobject: Sobject): string[] => [
  ...new Set([
    'Id',
    'SystemModstamp',
    'LastModifiedDate',
    'IsDeleted',
    'MasterRecordId',
    'Email',
    externalIdField,
    ...peopleFields[sobject],
    ...mappingsFor(mappings, sobject).map(({ field }) => field),
  ]),
];

/** Which of these records of ours may be exchanged: the members of the inclusion list at this moment, or all when there is none. */
export async function includedOf({ app, settings }: Sync, recordIds: readonly string[]): Promise<Set<string>> {
  const { inclusionListId } = settings;
  if (inclusionListId === undefined) return new Set(recordIds);
  const members = await inParallel(recordIds, 8, (id) => isMember(app, inclusionListId, personRef(id)));
  return new Set(recordIds.filter((_, position) => members[position]));
}
