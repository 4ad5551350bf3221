import { expect, test } from 'vitest';
import { EnrollmentCriteria, enrolment } from '../../../lib/flows/criteria.ts';
import type { Happening } from '../../../lib/lists/filters/unified-events.ts';
import { anyOf, propertyFilter } from './given.ts';

const facts = (properties: Record<string, string> = {}, forms: string[] = []) => ({
  now: '2026-11-22T03:00:00.000Z',
  properties,
  submittedForms: new Set(forms),
});
const event = (eventTypeId: string, ...filters: unknown[]) => ({
  eventTypeId,
  operator: 'HAS_COMPLETED',
  filters,
  filterBranches: [],
});
const on = (branches: unknown[], more: Record<string, unknown> = {}) =>
  EnrollmentCriteria.parse({ type: 'EVENT_BASED', shouldReEnroll: true, eventFilterBranches: branches, ...more });
const updated = (changes: Happening['changes']): Happening => ({ type: 'record.updated', changes });
const created = (changes: Happening['changes'] = {}): Happening => ({ type: 'record.created', changes });
const submitted = (formId: string): Happening => ({
  type: 'form.submitted',
  changes: {},
  form: { formId, submissionId: 's' },
});
const is = (name: string, value: string) =>
  propertyFilter(name, { operationType: 'STRING', operator: 'IS_EQUAL_TO', value });
const oneOf = (name: string, ...values: string[]) =>
  propertyFilter(name, { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values });

test('a submission of the named form enrols, one of another does not', () => {
  const criteria = on([event('4-1639801', oneOf('hs_form_id', 'f1'))]);
  expect(enrolment(criteria, submitted('f1'), facts())).toBe('again');
  expect(enrolment(criteria, submitted('f2'), facts())).toBe('no');
  expect(enrolment(criteria, created(), facts())).toBe('no');
});

test('without re-enrolment a record enrols once', () => {
  const criteria = on([event('4-1639801')], { shouldReEnroll: false });
  expect(enrolment(criteria, submitted('f1'), facts())).toBe('once');
});

test('a change of the named property to the named value enrols', () => {
  const criteria = on([event('4-655002', is('hs_name', 'dealstage'), is('hs_value', 'closedwon'))]);
  expect(enrolment(criteria, updated({ dealstage: ['open', 'closedwon'] }), facts())).toBe('again');
  expect(enrolment(criteria, updated({ dealstage: ['open', 'lost'], other: [null, 'closedwon'] }), facts())).toBe('no');
  expect(enrolment(criteria, created({ dealstage: [null, 'closedwon'] }), facts())).toBe('again');
});

test('a creation enrols when the record is what the criteria ask besides', () => {
  const criteria = on([event('4-1463224')], { refinementCriteria: anyOf(oneOf('hs_pipeline', 'support')) });
  expect(enrolment(criteria, created(), facts({ hs_pipeline: 'support' }))).toBe('again');
  expect(enrolment(criteria, created(), facts({ hs_pipeline: 'sales' }))).toBe('no');
  expect(enrolment(criteria, updated({ hs_pipeline: ['sales', 'support'] }), facts({ hs_pipeline: 'support' }))).toBe(
    'no',
  );
});

const list = (more: Record<string, unknown> = {}) =>
  EnrollmentCriteria.parse({ type: 'LIST_BASED', listFilterBranch: anyOf(oneOf('lifecyclestage', 'lead')), ...more });

test('a record that meets the list enrols once, again only when it met it anew', () => {
  const lead = facts({ lifecyclestage: 'lead' });
  expect(enrolment(list(), updated({ phone: [null, '1'] }), lead)).toBe('once');
  expect(enrolment(list({ shouldReEnroll: true }), updated({ phone: [null, '1'] }), lead)).toBe('once');
  expect(enrolment(list({ shouldReEnroll: true }), updated({ lifecyclestage: ['customer', 'lead'] }), lead)).toBe(
    'again',
  );
  expect(
    enrolment(
      list({ shouldReEnroll: true }),
      updated({ lifecyclestage: ['lead', 'customer'] }),
      facts({ lifecyclestage: 'customer' }),
    ),
  ).toBe('no');
});

test('named triggers decide what enrols again', () => {
  const criteria = list({
    shouldReEnroll: true,
    reEnrollmentTriggersFilterBranches: [
      {
        filterBranchType: 'AND',
        filters: [is('hs_name', 'phone'), propertyFilter('hs_value', { operator: 'IS_KNOWN' })],
      },
    ],
  });
  const lead = facts({ lifecyclestage: 'lead', phone: '1' });
  expect(enrolment(criteria, updated({ phone: [null, '1'] }), lead)).toBe('again');
  expect(enrolment(criteria, updated({ email: [null, 'a@b.co'] }), lead)).toBe('once');
});

test('a list can ask for a form that was sent', () => {
  const criteria = EnrollmentCriteria.parse({
    type: 'LIST_BASED',
    shouldReEnroll: true,
    listFilterBranch: anyOf({ filterType: 'FORM_SUBMISSION', operator: 'FILLED_OUT', formId: 'f1' }),
  });
  expect(enrolment(criteria, submitted('f1'), facts({}, ['f1']))).toBe('again');
  expect(enrolment(criteria, submitted('f2'), facts({}, ['f2']))).toBe('no');
});

test('a manual flow is entered by no event', () => {
  expect(enrolment(EnrollmentCriteria.parse({ type: 'MANUAL' }), created(), facts())).toBe('no');
});
