import { describe, expect, test } from 'vitest';
import { type CheckedAt, checkValues } from '../../../lib/objects/values.ts';
import { standardPipelines } from '../../../lib/pipelines/standard.ts';
import { codes, creating, now, refusal, updating } from './checking.ts';
import { objectType } from './object-type.ts';

const contacts = objectType('contacts');

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
    expect(checkValues(contacts, { lifecyclestage: 'customer' }, updating(current))).toEqual({
      lifecyclestage: 'customer',
    });
  });

  test('does not move back unless it is cleared first', () => {
    expect(checkValues(contacts, { lifecyclestage: 'lead' }, updating({ lifecyclestage: 'customer' }))).toEqual({
      lifecyclestage: 'customer',
    });
    expect(checkValues(contacts, { lifecyclestage: '' }, updating({ lifecyclestage: 'customer' }))).toEqual({
      lifecyclestage: null,
    });
    expect(checkValues(contacts, { lifecyclestage: 'lead' }, updating())).toMatchObject({ lifecyclestage: 'lead' });
  });
});

describe('pipelines and stages', () => {
  const deals = objectType('deals');
  const at = (more: Partial<CheckedAt> = {}): CheckedAt => ({
    ...creating,
    pipelines: standardPipelines['0-3'] ?? [],
    ...more,
  });

  test('a new deal without either begins in the default pipeline', () => {
    expect(checkValues(deals, { dealname: 'A' }, at())).toMatchObject({
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
      hs_is_closed: 'false',
    });
  });

  test('a stage of another pipeline, or one that there is not, is refused', () => {
    const tickets = objectType('tickets');
    const pipelines = standardPipelines['0-5'] ?? [];
    const wrong = refusal(() =>
      checkValues(tickets, { subject: 'A', hs_pipeline: '101', hs_pipeline_stage: '1' }, { ...creating, pipelines }),
    );
    expect(codes(wrong)).toEqual([['INVALID_OPTION', 'hs_pipeline_stage']]);
    expect(codes(refusal(() => checkValues(deals, { dealname: 'A', pipeline: 'none' }, at())))).toEqual([
      ['INVALID_OPTION', 'pipeline'],
    ]);
    expect(codes(refusal(() => checkValues(deals, { dealname: 'A', dealstage: 'none' }, at())))).toEqual([
      ['INVALID_OPTION', 'dealstage'],
    ]);
  });

  test('a stage alone decides the pipeline, a pipeline alone its first stage', () => {
    const tickets = objectType('tickets');
    const pipelines = standardPipelines['0-5'] ?? [];
    expect(
      checkValues(tickets, { subject: 'A', hs_pipeline_stage: '10203' }, { ...creating, pipelines }),
    ).toMatchObject({ hs_pipeline: '102' });
    expect(
      checkValues(
        tickets,
        { hs_pipeline: '103' },
        { ...updating({ hs_pipeline: '102', hs_pipeline_stage: '10203' }), pipelines },
      ),
    ).toMatchObject({
      hs_pipeline: '103',
      hs_pipeline_stage: '10301',
    });
  });

  test('neither can be cleared', () => {
    const current = { dealname: 'A', pipeline: 'default', dealstage: 'contractsent' };
    expect(codes(refusal(() => checkValues(deals, { dealstage: '' }, at(updating(current)))))).toEqual([
      ['MISSING_REQUIRED_PROPERTY', 'dealstage'],
    ]);
  });

  test('winning a deal closes it today, unless the day is said', () => {
    const current = {
      dealname: 'A',
      pipeline: 'default',
      dealstage: 'contractsent',
      closedate: '2027-01-01T00:00:00.000Z',
    };
    expect(checkValues(deals, { dealstage: 'closedwon' }, at(updating(current)))).toMatchObject({
      hs_is_closed: 'true',
      hs_is_closed_won: 'true',
      closedate: now,
    });
    const said = checkValues(deals, { dealstage: 'closedlost', closedate: '2026-11-01' }, at(updating(current)));
    expect(said).toMatchObject({
      hs_is_closed_won: 'false',
      hs_is_closed_lost: 'true',
      closedate: '2026-11-01T00:00:00.000Z',
    });
  });

  test('the day of creation may be said, and moved, but not taken away', () => {
    const given = { dealname: 'A', createdate: '2020-01-01' };
    expect(checkValues(deals, given, at())).toMatchObject({ createdate: '2020-01-01T00:00:00.000Z' });
    const current = { dealname: 'A', pipeline: 'default', dealstage: 'contractsent', createdate: now };
    const later = at({ creating: false, current });
    expect(checkValues(deals, { createdate: '2021-01-01' }, later)).toEqual({ createdate: '2021-01-01T00:00:00.000Z' });
    expect(codes(refusal(() => checkValues(deals, { createdate: '' }, later)))).toEqual([
      ['MISSING_REQUIRED_PROPERTY', 'createdate'],
    ]);
    expect(codes(refusal(() => checkValues(contacts, { createdate: '2020-01-01' }, creating)))).toEqual([
      ['READ_ONLY_VALUE', 'createdate'],
    ]);
  });

  test('a closed ticket has its time to close, which reopening takes back', () => {
    const tickets = objectType('tickets');
    const pipelines = standardPipelines['0-5'] ?? [];
    const current = { subject: 'A', hs_pipeline: '0', hs_pipeline_stage: '1', createdate: '2026-11-22T03:00:00.000Z' };
    const closed = checkValues(tickets, { hs_pipeline_stage: '4' }, { ...updating(current), pipelines });
    expect(closed).toMatchObject({ closed_date: now, time_to_close: '3600000', hs_is_closed: 'true' });
    const reopened = checkValues(
      tickets,
      { hs_pipeline_stage: '2' },
      { ...updating({ ...current, hs_pipeline_stage: '4', hs_is_closed: 'true' }), pipelines },
    );
    expect(reopened).toMatchObject({ closed_date: null, time_to_close: null, hs_is_closed: 'false' });
  });
});

test('an owner is noted with the day of assignment', () => {
  expect(checkValues(contacts, { hubspot_owner_id: '7' }, updating())).toEqual({
    hubspot_owner_id: '7',
    hubspot_owner_assigneddate: now,
  });
  expect(checkValues(contacts, { hubspot_owner_id: '7' }, updating({ hubspot_owner_id: '7' }))).toEqual({
    hubspot_owner_id: '7',
  });
});

test('an e-mail record says who wrote to whom from its headers', () => {
  const headers = JSON.stringify({
    from: { email: 'a@x.jp', firstName: 'A' },
    to: [{ email: 'b@x.jp' }, { email: 'c@x.jp' }],
  });
  expect(
    checkValues(
      objectType('emails'),
      { hs_email_headers: headers },
      updating({ hs_timestamp: now, hs_email_direction: 'EMAIL' }),
    ),
  ).toMatchObject({
    hs_email_from_email: 'a@x.jp',
    hs_email_to_email: 'b@x.jp;c@x.jp',
  });
});

describe("an activity's preview", () => {
  const preview = (segment: string, input: Record<string, string>, current: Record<string, string> = {}) =>
    checkValues(objectType(segment), input, updating({ hs_timestamp: now, ...current })).hs_body_preview;

  test('is the beginning of its text without markup', () => {
    const body = '<style>p{}</style><p>A&amp;B &lt;C&gt;&nbsp;<b>D</b><br>1 < 2</p>';
    expect(preview('notes', { hs_note_body: body })).toBe('A&B <C> D 1 < 2');
    expect(preview('calls', { hs_call_body: '𠮷'.repeat(300) })).toBe('𠮷'.repeat(255));
  });

  test('follows the text: it goes with it, and stays when something else changes', () => {
    expect(preview('tasks', { hs_task_body: '' }, { hs_task_body: 'x' })).toBeNull();
    expect(preview('meetings', { hs_meeting_body: '<p></p>' })).toBeNull();
    expect(preview('notes', { hs_attachment_ids: '1' }, { hs_note_body: 'x' })).toBeUndefined();
  });

  test('of an e-mail is its plain text when it has one', () => {
    expect(preview('emails', { hs_email_html: '<p>html</p>' })).toBe('html');
    expect(preview('emails', { hs_email_html: '<p>html</p>' }, { hs_email_text: 'plain' })).toBe('plain');
    expect(preview('emails', { hs_email_text: '' }, { hs_email_html: '<p>html</p>', hs_email_text: 'x' })).toBe('html');
  });
});
