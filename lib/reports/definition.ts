import type { App } from '../core/app.ts';
import { CrmError, type ErrorDetail } from '../core/errors.ts';
import type { ObjectType, PropertyDefinition } from '../objects/definition.ts';
import { withDefinitions } from '../objects/definition-store.ts';
import { filteredProperties, filterProblem } from '../objects/filter.ts';
import { type GroupBy, isScoreMeasure, type Report, type ReportInput } from './schema.ts';

/** What follows from a definition and the properties that it names. */
export type Compiled = Pick<Report, 'definition' | 'types' | 'moves' | 'createdProperty'>;

/** A definition that can be counted. @throws CrmError 400 that names every problem */
export const compileReport = (app: App, input: ReportInput): Promise<Compiled> =>
  withDefinitions(app, input.objectType, (type) => {
    const problems = [...measureProblems(type, input), ...groupProblems(type, input), ...filterProblems(type, input)];
    if (problems.length > 0) throw invalid(problems);
    return compiled(type, input);
  });

function compiled(type: ObjectType, input: ReportInput): Compiled {
  const { measure, groupBy, filterGroups } = input;
  const names = [
    ...groupBy.map(nameOf),
    ...filteredProperties(filterGroups),
    ...(measure.property ? [measure.property] : []),
    ...(isScoreMeasure(measure.type) ? ['hs_value', 'hs_survey_type'] : []),
  ];
  const known = [...new Set(names)].flatMap((name) => type.properties.get(name) ?? []);
  return {
    definition: { ...input, objectType: type.objectTypeId },
    types: Object.fromEntries(known.map(({ name, type, fieldType }) => [name, { type, fieldType }])),
    // The back-fill goes by the date of creation: whoever changes that may slip behind it, so every report hears of it.
    moves: names.includes(type.modifiedProperty) ? ['*'] : [...new Set([...names, type.createdProperty])],
    createdProperty: type.createdProperty,
  };
}

const feedbackSubmissions = '0-19';

const nameOf = (group: GroupBy) => ('date' in group ? group.date : group.property);

function measureProblems(type: ObjectType, { measure }: ReportInput): ErrorDetail[] {
  const field = 'measure.property';
  if (measure.type === 'COUNT' || isScoreMeasure(measure.type)) {
    const reads = measure.type === 'COUNT' ? 'counts records' : 'reads the score';
    if (measure.property !== undefined) return [problem(field, `${measure.type} ${reads} and takes no property`)];
    const fits = measure.type === 'COUNT' || type.objectTypeId === feedbackSubmissions;
    return fits ? [] : [problem('measure.type', `${measure.type} is of feedback submissions (0-19)`)];
  }
  const property = type.properties.get(measure.property ?? '');
  if (property?.type === 'number') return [];
  return [problem(field, `${measure.type} needs a number property of ${type.name}`)];
}

const groupable: readonly PropertyDefinition['type'][] = ['string', 'number', 'enumeration', 'bool', 'phone_number'];

function groupProblems(type: ObjectType, { groupBy }: ReportInput): ErrorDetail[] {
  const dates = groupBy.filter((group) => 'date' in group).length;
  const twice = groupBy.some(
    (group, position) => groupBy.findIndex((each) => nameOf(each) === nameOf(group)) < position,
  );
  return [
    ...groupBy.flatMap((group, position) => groupProblem(type, group, `groupBy.${position}`)),
    ...(dates > 1 ? [problem('groupBy', 'a report has at most one date')] : []),
    ...(twice ? [problem('groupBy', 'a property may be there once')] : []),
  ];
}

function groupProblem(type: ObjectType, group: GroupBy, field: string): ErrorDetail[] {
  const property = type.properties.get(nameOf(group));
  if (!property) return [problem(field, `${type.name} has no property ${nameOf(group)}`)];
  const isDate = property.type === 'date' || property.type === 'datetime';
  if ('date' in group) return isDate ? [] : [problem(field, `${property.name} is no date`)];
  if (isDate) return [problem(field, `${property.name} is a date: group by {date, unit}`)];
  return groupable.includes(property.type) ? [] : [problem(field, `${property.name} cannot be grouped by`)];
}

const filterProblems = (type: ObjectType, { filterGroups }: ReportInput): ErrorDetail[] =>
  filterGroups.flatMap(({ filters }, group) =>
    filters.flatMap((filter, position) => {
      const message = filterProblem(filter, type.properties.get(filter.propertyName));
      return message === undefined ? [] : [problem(`filterGroups.${group}.filters.${position}`, message)];
    }),
  );

const problem = (field: string, message: string): ErrorDetail => ({
  message: `${field}: ${message}`,
  code: 'INVALID_VALUE',
  in: field,
});

const invalid = (errors: readonly ErrorDetail[]) =>
  new CrmError('VALIDATION_ERROR', `Invalid input: ${errors.map(({ message }) => message).join('; ')}`, {
    errors,
    context: { fields: errors.map((error) => error.in ?? '') },
  });

/** Whether two definitions count the same; a name or a chart is no matter of counting. */
export const countsTheSame = (one: Report['definition'], other: Report['definition']): boolean =>
  counted(one) === counted(other);

const counted = ({ objectType, filterGroups, measure, groupBy, ownerAt, timeZone, weekStart }: Report['definition']) =>
  JSON.stringify([objectType, filterGroups, measure, groupBy, ownerAt, timeZone, weekStart]);
