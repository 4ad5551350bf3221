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
function pairsOf(plan: FilePlan, known: AssociationTypes, row: RowRecords, problems: RowProblem[]): Link[] {
  const refs = [...row.records].map(([objectType, id]) => ({ objectType, id }));
  return refs.flatMap((from, position) =>
    refs.slice(position + 1).map((to): Link => {
      const types = labelledTypes(plan, known, row, { from: from.objectType, to: to.objectType }, problems);
      return { from, to, types: types.length > 0 ? types : 'default' };
    }),
  );
}

/** What the cells of the label columns of two types say, seen from the first. */
function labelledTypes(
  plan: FilePlan,
  known: AssociationTypes,
  { cellOf }: RowRecords,
  pair: { readonly from: string; readonly to: string },
  problems: RowProblem[],
): AssociationSpec[] {
  return plan.labels.flatMap(({ column, from, to }) => {
    const ahead = from === pair.from && to === pair.to;
    if (!ahead && !(from === pair.to && to === pair.from)) return [];
    const named = new Map(known.between(from, to).map((type) => [foldLabel(type.label ?? ''), type]));
    return labelsIn(cellOf(column), named).flatMap((label): AssociationSpec[] => {
      const found = named.get(foldLabel(label));
      if (found)
        return [{ associationCategory: found.category, associationTypeId: ahead ? found.typeId : found.inverseTypeId }];
      problems.push({
        errorType: 'ASSOCIATION_LABEL_NOT_FOUND',
        message: `There is no label ${label} between ${from} and ${to}`,
        objectTypeId: from,
        value: label,
      });
      return [];
    });
  });
}

const foldLabel = (label: string) => label.normalize('NFKC').trim().toLowerCase();

/** Several in one cell, as HubSpot takes them; one that has a semicolon in its name is one all the same. */
const labelsIn = (cell: string, named: ReadonlyMap<string, unknown>): string[] =>
  named.has(foldLabel(cell)) && foldLabel(cell) !== ''
    ? [cell]
    : cell
        .split(/[;；]/)
        .map((each) => each.trim())
        .filter(Boolean);

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
