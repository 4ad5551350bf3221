import { describe, expect, test } from 'vitest';
import { CrmError } from '../../../lib/core/errors.ts';
import { checkValues, type CheckedAt, uniqueValueOf } from '../../../lib/objects/values.ts';
import { standardPipelines } from '../../../lib/pipelines/standard.ts';
import { objectType, property } from './object-type.ts';

const now = '2026-11-22T04:00:00.000Z';
const creating: CheckedAt = { creating: true, current: {}, now };
const updating = (current: Record<string, string> = {}): CheckedAt => ({ creating: false, current, now });
const contacts = objectType('contacts');

function refusal(run: () => unknown): CrmError {
  try {
    run();
  } catch (error) {
    if (error instanceof CrmError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const codes = (error: CrmError) => error.options.errors?.map(({ code, context }) => [code, context?.propertyName?.[0]]);

describe('a request with bad values', () => {
  test('is told of an unknown property in HubSpot\'s exact words', () => {
    const error = refusal(() => checkValues(contacts, { x: '1' }, creating));
    expect(error.status).toBe(400);
    expect(error.message).toBe(
      'Property values were not valid: [{"isValid":false,"message":"Property \\"x\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"x","localizedErrorMessage":"Property \\"x\\" does not exist","portalId":123}]',
    );
    expect(error.options.errors).toEqual([
      { message: 'Property "x" does not exist', code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['x'] } },
    ]);
  });

  test('hears of all of them at once', () => {
    const type = objectType('contacts', [
      property({ name: 'score', type: 'number', fieldType: 'number' }),
      property({ name: 'day', type: 'date', fieldType: 'date' }),
      property({ name: 'due', type: 'date', fieldType: 'date' }),
      property({ name: 'at', type: 'datetime', fieldType: 'date' }),
      property({ name: 'yes', type: 'bool', fieldType: 'booleancheckbox' }),
    ]);
    const error = refusal(() =>
      checkValues(
        type,
        { nowhere: '1', email: 'no address', hs_object_id: '7', lifecyclestage: 'Lead', score: 'many', day: 'soon', due: 1577836801000, at: 'x', yes: 'si' },
        creating,
      ),
    );
    expect(codes(error)).toEqual([
      ['PROPERTY_DOESNT_EXIST', 'nowhere'],
      ['INVALID_EMAIL', 'email'],
      ['READ_ONLY_VALUE', 'hs_object_id'],
      ['INVALID_OPTION', 'lifecyclestage'],
      ['INVALID_INTEGER', 'score'],
      ['INVALID_LONG', 'day'],
      ['INVALID_DATE', 'due'],
      ['INVALID_LONG', 'at'],
      ['INVALID_OPTION', 'yes'],
    ]);
    expect(error.message).toContain('1577836801000 is at 0:0:1.0 UTC, not midnight!');
    expect(error.message).toContain('Email address no address is invalid');
  });

  test('may not hold more characters than HubSpot takes', () => {
    expect(codes(refusal(() => checkValues(contacts, { firstname: 'x'.repeat(65_537) }, creating)))).toEqual([['VALUE_TOO_LONG', 'firstname']]);
    expect(checkValues(contacts, { message: 'あ'.repeat(65_536) }, creating).message).toHaveLength(65_536);
  });

  test('is told of required properties that are missing on create, as HubSpot words it', () => {
    const error = refusal(() => checkValues(objectType('notes'), { hs_note_body: 'hello' }, creating));
    expect(error.message).toBe('Error creating NOTE. Some required properties were not set.');
    expect(error.options.context).toEqual({ properties: ['hs_timestamp'] });
    expect(codes(error)).toEqual([['MISSING_REQUIRED_PROPERTY', 'hs_timestamp']]);
  });

  test('may not clear a required property later', () => {
    expect(codes(refusal(() => checkValues(objectType('notes'), { hs_timestamp: '' }, updating({ hs_timestamp: now }))))).toEqual([
      ['MISSING_REQUIRED_PROPERTY', 'hs_timestamp'],
    ]);
    expect(checkValues(objectType('notes'), { hs_note_body: '' }, updating({ hs_timestamp: now }))).toEqual({ hs_note_body: null });
  });

  test('needs one of a company\'s name and domain', () => {
    const companies = objectType('companies');
    expect(checkValues(companies, { domain: 'https://Example.co.jp/about' }, creating)).toMatchObject({ domain: 'example.co.jp' });
    expect(checkValues(companies, { name: 'A8' }, creating)).toMatchObject({ name: 'A8' });
    expect(codes(refusal(() => checkValues(companies, { phone: '03-1234-5678' }, creating)))).toEqual([['MISSING_REQUIRED_PROPERTY', 'domain']]);
    expect(checkValues(companies, { name: '' }, updating({ name: 'A8', domain: 'a8.net' }))).toMatchObject({ name: null });
  });
});

describe('values', () => {
  const kinds = objectType('contacts', [
    property({ name: 'n', type: 'number', fieldType: 'number' }),
    property({ name: 'd', type: 'date', fieldType: 'date' }),
    property({ name: 't', type: 'datetime', fieldType: 'date' }),
    property({ name: 'b', type: 'bool', fieldType: 'booleancheckbox' }),
    property({ name: 'code', type: 'string', hasUniqueValue: true }),
    property({
      name: 'many',
      type: 'enumeration',
      fieldType: 'checkbox',
      options: ['a', 'b', 'c'].map((value) => ({ value, label: value, hidden: false })),
    }),
  ]);
  const stored = (input: Parameters<typeof checkValues>[1], current: Record<string, string> = {}) => checkValues(kinds, input, updating(current));

  test.each([
    [' 00012.500 ', '12.5'],
    ['１２３', '123'],
    [-0, '0'],
    [1e21, '1000000000000000000000'],
    ['1.5e-3', '0.0015'],
    ['-.5', '-0.5'],
    ['12345678901234567890.10', '12345678901234567890.1'],
  ])('a number %s is stored as %s', (given, expected) => {
    expect(stored({ n: given })).toEqual({ n: expected });
  });

  test.each([
    ['2026-02-28', '2026-02-28'],
    [Date.UTC(2026, 1, 28), '2026-02-28'],
    [String(Date.UTC(1969, 11, 31)), '1969-12-31'],
    ['2026-02-28T00:00:00Z', '2026-02-28'],
  ])('a date %s is stored as %s', (given, expected) => {
    expect(stored({ d: given })).toEqual({ d: expected });
  });

  test.each([
    ['2026-02-28T09:00:00+09:00', '2026-02-28T00:00:00.000Z'],
    ['2026-02-28T09:00', '2026-02-28T09:00:00.000Z'],
    ['2026-02-28', '2026-02-28T00:00:00.000Z'],
    [1772236800123, '2026-02-28T00:00:00.123Z'],
  ])('a datetime %s is stored as %s', (given, expected) => {
    expect(stored({ t: given })).toEqual({ t: expected });
  });

  test.each(['2026-02-30', '2026-13-01', '2026/02/28', '20260228T00'])('%s is no date', (given) => {
    expect(() => stored({ d: given })).toThrow(CrmError);
    expect(() => stored({ t: given })).toThrow(CrmError);
  });

  test('booleans are text', () => {
    expect(stored({ b: true })).toEqual({ b: 'true' });
    expect(stored({ b: 'FALSE' })).toEqual({ b: 'false' });
  });

  test('empty text and null clear', () => {
    expect(stored({ n: '', firstname: null })).toEqual({ n: null, firstname: null });
  });

  test('several options are a list, and a semicolon in front adds to what is there', () => {
    expect(stored({ many: 'b; a;b' })).toEqual({ many: 'b;a' });
    expect(stored({ many: ';c;a' }, { many: 'b;a' })).toEqual({ many: 'b;a;c' });
    expect(codes(refusal(() => stored({ many: 'a;d' })))).toEqual([['INVALID_OPTION', 'many']]);
  });

  test('an id in full width or with blanks around is the same id', () => {
    expect(stored({ code: ' ｓ００００12345 ' })).toEqual({ code: 's000012345' });
    expect(uniqueValueOf(property({ type: 'string', hasUniqueValue: true }), 'Ｓ00012')).toBe('s00012');
  });

  test.each([
    [' Taro@Example.CO.JP ', 'taro@example.co.jp'],
    ['ａ@example.com', 'a@example.com'],
    ['a..b.@docomo.ne.jp', 'a..b.@docomo.ne.jp'],
    ['x@日本語.jp', 'x@日本語.jp'],
  ])('the address %s is stored as %s', (given, expected) => {
    expect(stored({ email: given })).toMatchObject({ email: expected, hs_email_domain: expected.split('@')[1] });
  });

  test.each(['a', 'a@b', '@example.com', 'a@example.c', 'a b@example.com', 'a@b@example.com,', 'a@-x.com'])('%s is no address', (given) => {
    expect(codes(refusal(() => stored({ email: given })))).toEqual([['INVALID_EMAIL', 'email']]);
  });
});

describe('a phone number', () => {
  test.each([
    ['03-1234-5678', '+81312345678', null],
    ['０３（１２３４）５６７８代表', '+81312345678', null],
    ['03ー1234ー5678 内線123', '+81312345678', '123'],
    ['+81 (0)90-1234-5678', '+819012345678', null],
    ['TEL:+1 415 555 2671', '+14155552671', null],
    ['折り返し希望', null, null],
  ])('%s is kept as typed beside %s', (typed, e164, extension) => {
    expect(checkValues(contacts, { phone: typed }, updating())).toEqual({
      phone: typed,
      hs_searchable_calculated_phone_number: e164,
      phone_extension: extension,
    });
  });

  test('that is cleared takes its twin along', () => {
    expect(checkValues(contacts, { mobilephone: '' }, updating())).toEqual({ mobilephone: null, hs_searchable_calculated_mobile_number: null });
  });
});

describe('the lifecycle stage', () => {
  test('of a new contact is lead, since today', () => {
    expect(checkValues(contacts, { email: 'a@example.com' }, creating)).toMatchObject({
      lifecyclestage: 'lead',
      hs_lifecyclestage_lead_date: now,
      hs_pipeline: 'contacts-lifecycle-pipeline',
    });
  });

  test('moves forward and notes the day once', () => {
    const current = { lifecyclestage: 'lead', hs_lifecyclestage_customer_date: '2020-01-01T00:00:00.000Z' };
    expect(checkValues(contacts, { lifecyclestage: 'opportunity' }, updating(current))).toEqual({
      lifecyclestage: 'opportunity',
      hs_lifecyclestage_opportunity_date: now,
    });
    expect(checkValues(contacts, { lifecyclestage: 'customer' }, updating(current))).toEqual({ lifecyclestage: 'customer' });
  });

  test('does not move back unless it is cleared first', () => {
    expect(checkValues(contacts, { lifecyclestage: 'lead' }, updating({ lifecyclestage: 'customer' }))).toEqual({ lifecyclestage: 'customer' });
    expect(checkValues(contacts, { lifecyclestage: '' }, updating({ lifecyclestage: 'customer' }))).toEqual({ lifecyclestage: null });
    expect(checkValues(contacts, { lifecyclestage: 'lead' }, updating())).toMatchObject({ lifecyclestage: 'lead' });
  });
});

describe('pipelines and stages', () => {
  const deals = objectType('deals');
  const at = (more: Partial<CheckedAt> = {}): CheckedAt => ({ ...creating, pipelines: standardPipelines['0-3'] ?? [], ...more });

  test('a new deal without either begins in the default pipeline', () => {
    expect(checkValues(deals, { dealname: 'A' }, at())).toMatchObject({ pipeline: 'default', dealstage: 'appointmentscheduled', hs_is_closed: 'false' });
  });

  test('a stage of another pipeline, or one that there is not, is refused', () => {
    const tickets = objectType('tickets');
    const pipelines = standardPipelines['0-5'] ?? [];
    const wrong = refusal(() => checkValues(tickets, { subject: 'A', hs_pipeline: '101', hs_pipeline_stage: '1' }, { ...creating, pipelines }));
    expect(codes(wrong)).toEqual([['INVALID_OPTION', 'hs_pipeline_stage']]);
    expect(codes(refusal(() => checkValues(deals, { dealname: 'A', pipeline: 'none' }, at())))).toEqual([['INVALID_OPTION', 'pipeline']]);
    expect(codes(refusal(() => checkValues(deals, { dealname: 'A', dealstage: 'none' }, at())))).toEqual([['INVALID_OPTION', 'dealstage']]);
  });

  test('a stage alone decides the pipeline, a pipeline alone its first stage', () => {
    const tickets = objectType('tickets');
    const pipelines = standardPipelines['0-5'] ?? [];
    expect(checkValues(tickets, { subject: 'A', hs_pipeline_stage: '10203' }, { ...creating, pipelines })).toMatchObject({ hs_pipeline: '102' });
    expect(checkValues(tickets, { hs_pipeline: '103' }, { ...updating({ hs_pipeline: '102', hs_pipeline_stage: '10203' }), pipelines })).toMatchObject({
      hs_pipeline: '103',
      hs_pipeline_stage: '10301',
    });
  });

  test('neither can be cleared', () => {
    const current = { dealname: 'A', pipeline: 'default', dealstage: 'contractsent' };
    expect(codes(refusal(() => checkValues(deals, { dealstage: '' }, at(updating(current)))))).toEqual([['MISSING_REQUIRED_PROPERTY', 'dealstage']]);
  });

  test('winning a deal closes it today, unless the day is said', () => {
    const current = { dealname: 'A', pipeline: 'default', dealstage: 'contractsent', closedate: '2027-01-01T00:00:00.000Z' };
    expect(checkValues(deals, { dealstage: 'closedwon' }, at(updating(current)))).toMatchObject({ hs_is_closed: 'true', hs_is_closed_won: 'true', closedate: now });
    const said = checkValues(deals, { dealstage: 'closedlost', closedate: '2026-11-01' }, at(updating(current)));
    expect(said).toMatchObject({ hs_is_closed_won: 'false', hs_is_closed_lost: 'true', closedate: '2026-11-01T00:00:00.000Z' });
  });

  test('a closed ticket has its time to close, which reopening takes back', () => {
    const tickets = objectType('tickets');
    const pipelines = standardPipelines['0-5'] ?? [];
    const current = { subject: 'A', hs_pipeline: '0', hs_pipeline_stage: '1', createdate: '2026-11-22T03:00:00.000Z' };
    const closed = checkValues(tickets, { hs_pipeline_stage: '4' }, { ...updating(current), pipelines });
    expect(closed).toMatchObject({ closed_date: now, time_to_close: '3600000', hs_is_closed: 'true' });
    const reopened = checkValues(tickets, { hs_pipeline_stage: '2' }, { ...updating({ ...current, hs_pipeline_stage: '4', hs_is_closed: 'true' }), pipelines });
    expect(reopened).toMatchObject({ closed_date: null, time_to_close: null, hs_is_closed: 'false' });
  });
});

test('an owner is noted with the day of assignment', () => {
  expect(checkValues(contacts, { hubspot_owner_id: '7' }, updating())).toEqual({ hubspot_owner_id: '7', hubspot_owner_assigneddate: now });
  expect(checkValues(contacts, { hubspot_owner_id: '7' }, updating({ hubspot_owner_id: '7' }))).toEqual({ hubspot_owner_id: '7' });
});

test('an e-mail record says who wrote to whom from its headers', () => {
  const headers = JSON.stringify({ from: { email: 'a@x.jp', firstName: 'A' }, to: [{ email: 'b@x.jp' }, { email: 'c@x.jp' }] });
  expect(checkValues(objectType('emails'), { hs_email_headers: headers }, updating({ hs_timestamp: now, hs_email_direction: 'EMAIL' }))).toMatchObject({
    hs_email_from_email: 'a@x.jp',
    hs_email_to_email: 'b@x.jp;c@x.jp',
  });
});
