import type { PropertyInput } from '../objects/values.ts';
import { cellValue, type Reading } from './cell-value.ts';
import type { TypePlan } from './mapping.ts';
import type { RowProblem } from './schema.ts';

/** What one row says about a record of one type. */
export type Entry = {
  readonly file: number;
  readonly line: number;
  readonly properties: PropertyInput;
  /** The value of the key column, if the row has one. */
  readonly key?: string;
  /** By which rows of other files name the record. */
  readonly identifier?: string;
};

export type ReadRow = { readonly entry: Entry } | { readonly problems: readonly RowProblem[] } | undefined;

/** Reads a row for one type; nothing when all of its cells are empty. An empty cell leaves the property as it is. */
export function readRow(
  plan: TypePlan,
  columns: ReadonlyMap<string, number>,
  { file, line, cells }: { file: number; line: number; cells: readonly string[] },
  reading: Reading,
): ReadRow {
  const { objectTypeId } = plan.type;
  const cellOf = (column: string | undefined) =>
    column === undefined ? '' : (cells[columns.get(column) ?? -1] ?? '').trim();
  const properties: Record<string, string> = {};
  const problems: RowProblem[] = [];
  for (const { column, definition } of plan.properties) {
    const text = cellOf(column);
    if (text === '') continue;
    const read = cellValue(definition, text, reading);
    if ('value' in read) properties[definition.name] = read.value;
    else
      problems.push({
        ...read.problem,
        objectTypeId,
        property: definition.name,
        value: text,
        column: columns.get(column) ?? 0,
      });
  }
  if (problems.length > 0) return { problems };
  const key = cellOf(plan.key?.column);
  if (Object.keys(properties).length === 0 && key === '') return undefined;
  if (key === '' && plan.operation === 'UPDATE') {
    return {
      problems: [
        { errorType: 'INVALID_ALTERNATE_ID', message: `The key column ${plan.key?.column} is empty`, objectTypeId },
      ],
    };
  }
  const identifier = cellOf(plan.identifier);
  return { entry: { file, line, properties, ...(key && { key }), ...(identifier && { identifier }) } };
}
