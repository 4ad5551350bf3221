import type { App } from '../core/app.ts';
import { parseMoment } from '../flows/zoned-time.ts';
import type { ObjectType } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { listOwners } from '../owners/store.ts';
import type { Language } from '../pages/words.ts';
import { labelAt, loadFormerLabels } from '../pipelines/former-labels.ts';
import { loadPipelines } from '../pipelines/store.ts';
import { bucketAfter } from './bucket.ts';
import { bucketLabel } from './bucket-label.ts';
import { inOrder, ownerProperty } from './contribution.ts';
import type { GroupBy, Report } from './schema.ts';

const noValue: Readonly<Record<Language, string>> = { ja: '（値なし）', en: '(no value)' };
const measureLabels: Readonly<Record<Language, Record<Report['definition']['measure']['type'], string>>> = {
  ja: { COUNT: '件数', SUM: '合計', AVG: '平均', NPS: 'NPS', CES: 'CES', CSAT: 'CSAT' },
  en: { COUNT: 'Count', SUM: 'Sum', AVG: 'Average', NPS: 'NPS', CES: 'CES', CSAT: 'CSAT' },
};

/** A column of a report's data: a group, or at last the value. */
type Column = {
  readonly name: string;
  readonly label: string;
  readonly unit?: Extract<GroupBy, { date: string }>['unit'];
};

/**
 * How a report's columns and the keys in them are called. Keys are ids and values; labels are what people know them by: today, or at the
 * end of a bucket, when pipelines and stages may have had other names.
 */
export type Labels = {
  readonly columns: readonly Column[];
  readonly label: (position: number, key: string, bucket?: string) => string;
};

/** What a group calls a key, today or at a moment. */
type Names = (key: string, at?: number) => string | undefined;

export async function labelsOf(app: App, { definition }: Report, language: Language): Promise<Labels> {
  const groups = inOrder(definition.groupBy);
  const type = await loadObjectType(app, definition.objectType);
  const names = await Promise.all(groups.map((group) => namesOf(app, type, group)));
  const label = (position: number, key: string, bucket?: string) => {
    const group = groups[position];
    if (group && 'date' in group) return bucketLabel(key, group.unit, language);
    return key === '' ? noValue[language] : named(names[position], key, endOf(definition, bucket));
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

/** When a bucket is over, in the report's zone. */
function endOf({ groupBy, weekStart, timeZone }: Report['definition'], bucket: string | undefined): number | undefined {
  const group = groupBy.find((each) => 'date' in each);
  if (!group || bucket === undefined) return undefined;
  return parseMoment(bucketAfter(bucket, { unit: group.unit, weekStart }), timeZone);
}

/** Ticks come together, `a;b`. */
function named(names: Names | undefined, key: string, at: number | undefined): string {
  const whole = names?.(key, at);
  if (whole !== undefined || !names || !key.includes(';')) return whole ?? key;
  return key
    .split(';')
    .map((part) => names(part, at) ?? part)
    .join('、');
}

async function namesOf(app: App, type: ObjectType, group: GroupBy): Promise<Names | undefined> {
  if ('date' in group) return undefined;
  const property = propertyOf(type, group.property);
  if (group.property === ownerProperty || property?.referencedObjectType === 'OWNER') return ownerNames(app);
  if (group.property === type.pipeline?.pipelineProperty) return pipelineNames(app, type);
  if (group.property === type.pipeline?.stageProperty) return stageNames(app, type);
  const options = property && new Map(property.options.map(({ value, label }) => [value, label]));
  return options && ((key) => options.get(key));
}

const pipelinesOf = (app: App, { objectTypeId }: ObjectType) =>
  Promise.all([loadPipelines(app, objectTypeId), loadFormerLabels(app, objectTypeId)]);

/** The archived ones too. */
async function pipelineNames(app: App, type: ObjectType): Promise<Names> {
  const [pipelines, former] = await pipelinesOf(app, type);
  const today = new Map(pipelines.map(({ id, label }) => [id, label]));
  const then = (key: string, at: number) =>
    labelAt(former, at, ({ pipelineId, label }) => (pipelineId === key ? label : undefined));
  return (key, at) => (at === undefined ? undefined : then(key, at)) ?? today.get(key);
}

async function stageNames(app: App, type: ObjectType): Promise<Names> {
  const [pipelines, former] = await pipelinesOf(app, type);
  const today = new Map(pipelines.flatMap(({ stages }) => stages.map(({ id, label }) => [id, label] as const)));
  const then = (key: string, at: number) => labelAt(former, at, ({ stages }) => stages[key]);
  return (key, at) => (at === undefined ? undefined : then(key, at)) ?? today.get(key);
}

async function ownerNames(app: App): Promise<Names> {
  const owners = await listOwners(app);
  const names = new Map(
    owners.map(({ id, firstName, lastName, email }) => [id, [lastName, firstName].filter(Boolean).join(' ') || email]),
  );
  return (key) => names.get(key);
}
