import type { App } from '../core/app.ts';
import type { ObjectType } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { listOwners } from '../owners/store.ts';
import type { Language } from '../pages/words.ts';
import { loadPipelines } from '../pipelines/store.ts';
import { bucketLabel } from './bucket-label.ts';
import { inOrder, ownerProperty } from './contribution.ts';
import type { GroupBy, Report } from './schema.ts';

const noValue: Readonly<Record<Language, string>> = { ja: '（値なし）', en: '(no value)' };
const measureLabels: Readonly<Record<Language, Record<Report['definition']['measure']['type'], string>>> = {
  ja: { COUNT: '件数', SUM: '合計', AVG: '平均' },
  en: { COUNT: 'Count', SUM: 'Sum', AVG: 'Average' },
};

/** A column of a report's data: a group, or at last the value. */
type Column = {
  readonly name: string;
  readonly label: string;
  readonly unit?: Extract<GroupBy, { date: string }>['unit'];
};

/** How a report's columns and the keys in them are called. Keys are ids and values; labels are what people know them by. */
export type Labels = { readonly columns: readonly Column[]; readonly label: (position: number, key: string) => string };

export async function labelsOf(app: App, { definition }: Report, language: Language): Promise<Labels> {
  const groups = inOrder(definition.groupBy);
  const type = await loadObjectType(app, definition.objectType);
  const names = await Promise.all(groups.map((group) => namesOf(app, type, group)));
  const label = (position: number, key: string) => {
    const group = groups[position];
    if (group && 'date' in group) return bucketLabel(key, group.unit, language);
    return key === '' ? noValue[language] : named(names[position], key);
  };
  return { columns: [...groups.map((group) => columnOf(type, group)), valueColumn(type, definition, language)], label };
}

const propertyOf = (type: ObjectType, name: string) => type.properties.get(name) ?? type.archivedProperties.get(name);

const columnOf = (type: ObjectType, group: GroupBy): Column => {
  const name = 'date' in group ? group.date : group.property;
  return { name, label: propertyOf(type, name)?.label ?? name, ...('date' in group && { unit: group.unit }) };
};

function valueColumn(type: ObjectType, { measure }: Report['definition'], language: Language): Column {
  const of = measure.property && (propertyOf(type, measure.property)?.label ?? measure.property);
  const label = measureLabels[language][measure.type];
  return { name: 'value', label: of ? `${of} ${label}` : label };
}

/** Ticks come together, `a;b`. */
function named(names: ReadonlyMap<string, string> | undefined, key: string): string {
  const whole = names?.get(key);
  if (whole !== undefined || !names || !key.includes(';')) return whole ?? key;
  return key
    .split(';')
    .map((part) => names.get(part) ?? part)
    .join('、');
}

async function namesOf(app: App, type: ObjectType, group: GroupBy): Promise<ReadonlyMap<string, string> | undefined> {
  if ('date' in group) return undefined;
  const property = propertyOf(type, group.property);
  if (group.property === ownerProperty || property?.referencedObjectType === 'OWNER') return ownerNames(app);
  if (group.property === type.pipeline?.pipelineProperty) {
    const pipelines = await loadPipelines(app, type.objectTypeId);
    return new Map(pipelines.map(({ id, label }) => [id, label]));
  }
  if (group.property === type.pipeline?.stageProperty) {
    const pipelines = await loadPipelines(app, type.objectTypeId);
    return new Map(pipelines.flatMap(({ stages }) => stages.map(({ id, label }) => [id, label] as const)));
  }
  return property && new Map(property.options.map(({ value, label }) => [value, label]));
}

async function ownerNames(app: App): Promise<ReadonlyMap<string, string>> {
  const owners = await listOwners(app);
  return new Map(
    owners.map(({ id, firstName, lastName, email }) => [id, [lastName, firstName].filter(Boolean).join(' ') || email]),
  );
}
