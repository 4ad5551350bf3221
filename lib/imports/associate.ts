import * as z from 'zod/mini';
import type { AssociationInput } from '../associations/inline.ts';
import type { AssociationSpec } from '../associations/schema.ts';
import { associate } from '../associations/store.ts';
import { type AssociationTypes, currentTypes } from '../associations/type-store.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { importRecordKey } from '../table/import-keys.ts';
import type { RecordRef } from '../table/keys.ts';
import type { FilePlan } from './mapping.ts';
import type { RowProblem, StoredImport } from './schema.ts';

export type RowRecords = {
  readonly cellOf: (column: string) => string;
  /** The record of each type that the row is about. */
  readonly records: ReadonlyMap<string, string>;
};

type Link = {
  readonly from: RecordRef;
  readonly to: RecordRef;
  readonly types: readonly AssociationSpec[] | 'default';
};

const NamedRecord = z.object({ recordId: z.string() });

/**
 * Associates the records of one row with each other, and with those that it names of other files. Once more changes nothing. A trial
 * only looks for the labels and the names.
 */
export async function associateRow(
  app: App,
  { id: importId, request: { dryRun } }: StoredImport,
  plan: FilePlan,
  row: RowRecords,
): Promise<RowProblem[]> {
  const problems: RowProblem[] = [];
  const known = await currentTypes(app);
  const links = [...pairsOf(plan, known, row, problems), ...(await foreignOf(app, importId, plan, row, problems))];
  if (dryRun) return problems;
  for (const { from, to, types } of links) {
    try {
      await associate(app, from, to, types);
    } catch (error) {
      if (!(error instanceof CrmError) || error.status >= 500) throw error;
      const errorType = error.options.subCategory?.includes('LIMIT')
        ? 'ASSOCIATION_LIMIT_EXCEEDED'
        : 'FAILED_TO_CREATE_ASSOCIATION';
      problems.push({ errorType, message: error.message, objectTypeId: from.objectType });
    }
  }
  return problems;
}

/** With what a new record of a row can be associated as it is made: the records of the row that are there, and those that it names. */
export async function linksOfNew(
  app: App,
  importId: string,
  plan: FilePlan,
  objectType: string,
  row: RowRecords,
): Promise<AssociationInput[]> {
  const others = [...row.records].map(([type, id]) => ({ to: { id, objectType: type }, types: 'default' as const }));
  const foreign = plan.foreign.filter(({ from }) => from === objectType);
  const records = new Map([[objectType, '']]);
  // A name that nothing has is told when the row is associated.
  const named = await foreignOf(app, importId, { ...plan, foreign }, { ...row, records }, []);
  return [...others, ...named.map(({ to, types }) => ({ to, types }))];
}

/** Every two records of a row belong together; a label column says as what. */
function pairsOf(
  plan: FilePlan,
  known: AssociationTypes,
  { records, cellOf }: RowRecords,
  problems: RowProblem[],
): Link[] {
  const refs = [...records].map(([objectType, id]) => ({ objectType, id }));
  return refs.flatMap((from, position) =>
    refs.slice(position + 1).flatMap((to): Link[] => {
      const types: AssociationSpec[] = [];
      for (const { column, from: one, to: other } of plan.labels) {
        const label = cellOf(column);
        const ahead = one === from.objectType && other === to.objectType;
        if (label === '' || !(ahead || (one === to.objectType && other === from.objectType))) continue;
        const found = known.between(one, other).find((type) => type.label?.toLowerCase() === label.toLowerCase());
        if (!found)
          problems.push({
            errorType: 'ASSOCIATION_LABEL_NOT_FOUND',
            message: `There is no label ${label} between ${one} and ${other}`,
            objectTypeId: one,
            value: label,
          });
        else
          types.push({
            associationCategory: found.category,
            associationTypeId: ahead ? found.typeId : found.inverseTypeId,
          });
      }
      return [{ from, to, types: types.length > 0 ? types : 'default' }];
    }),
  );
}

async function foreignOf(
  app: App,
  importId: string,
  plan: FilePlan,
  { records, cellOf }: RowRecords,
  problems: RowProblem[],
): Promise<Link[]> {
  const links: Link[] = [];
  for (const { column, from, to, types } of plan.foreign) {
    const id = records.get(from);
    // Several values in one cell, as HubSpot takes them for keys.
    for (const name of cellOf(column)
      .split(';')
      .map((each) => each.trim())
      .filter(Boolean)) {
      const named = await app.table.get(importRecordKey(importId, to, name), NamedRecord);
      if (id !== undefined && named)
        links.push({ from: { objectType: from, id }, to: { objectType: to, id: named.recordId }, types });
      else if (!named)
        problems.push({
          errorType: 'ASSOCIATION_RECORD_NOT_FOUND',
          message: `No row of the other files has ${name} in its key column`,
          objectTypeId: from,
          value: name,
        });
    }
  }
  return links;
}
