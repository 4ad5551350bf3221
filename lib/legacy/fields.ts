import type { EngagementType } from './schema.ts';

/** The object types in which engagements live. */
export const typeIds: Readonly<Record<EngagementType, string>> = {
  NOTE: '0-46',
  TASK: '0-27',
  CALL: '0-48',
  EMAIL: '0-49',
  MEETING: '0-47',
};

/** Which property holds a field of the metadata; `date` = epoch milliseconds there, `number` = a number. */
type Field = readonly [name: string, property: string, kind?: 'date' | 'number'];

const fields: Readonly<Record<EngagementType, readonly Field[]>> = {
  NOTE: [['body', 'hs_note_body']],
  TASK: [
    ['body', 'hs_task_body'],
    ['subject', 'hs_task_subject'],
    ['status', 'hs_task_status'],
    ['priority', 'hs_task_priority'],
    ['taskType', 'hs_task_type'],
    ['completionDate', 'hs_task_completion_date', 'date'],
  ],
  CALL: [
    ['body', 'hs_call_body'],
    ['title', 'hs_call_title'],
    ['status', 'hs_call_status'],
    ['toNumber', 'hs_call_to_number'],
    ['fromNumber', 'hs_call_from_number'],
    ['durationMilliseconds', 'hs_call_duration', 'number'],
    ['recordingUrl', 'hs_call_recording_url'],
    ['disposition', 'hs_call_disposition'],
  ],
  EMAIL: [
    ['subject', 'hs_email_subject'],
    ['html', 'hs_email_html'],
    ['text', 'hs_email_text'],
    ['status', 'hs_email_status'],
    ['direction', 'hs_email_direction'],
  ],
  MEETING: [
    ['body', 'hs_meeting_body'],
    ['title', 'hs_meeting_title'],
    ['startTime', 'hs_meeting_start_time', 'date'],
    ['endTime', 'hs_meeting_end_time', 'date'],
    ['location', 'hs_meeting_location'],
    ['internalMeetingNotes', 'hs_internal_meeting_notes'],
    ['meetingOutcome', 'hs_meeting_outcome'],
  ],
};

type Metadata = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** The properties that a change of the metadata sets; a field that is not a known one is left out, as HubSpot does. */
export function propertiesOf(type: EngagementType, metadata: Metadata): Record<string, string | null> {
  const known = fields[type].flatMap(([name, property]) =>
    name in metadata ? [[property, text(metadata[name])]] : [],
  );
  return Object.fromEntries([...known, ...(type === 'EMAIL' ? peopleOf(metadata) : [])]);
}

/** HubSpot keeps who a mail is from and to in one property, as JSON. */
const headers = 'hs_email_headers';
const people = ['from', 'to', 'cc', 'bcc'];

function peopleOf(metadata: Metadata): [string, string][] {
  const named = Object.fromEntries(people.flatMap((name) => (name in metadata ? [[name, metadata[name]]] : [])));
  return Object.keys(named).length > 0 ? [[headers, JSON.stringify(named)]] : [];
}

/** The metadata as the older API shows it. */
export function metadataOf(
  type: EngagementType,
  properties: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const shown = fields[type].flatMap(([name, property, kind]) => {
    const value = properties[property];
    if (value === undefined) return [];
    if (kind === 'date') return [[name, Date.parse(value)]];
    return [[name, kind === 'number' ? Number(value) : value]];
  });
  return { ...Object.fromEntries(shown), ...(type === 'EMAIL' && peopleIn(properties[headers])) };
}

function peopleIn(text: string | undefined): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(text ?? '{}');
    return Object.fromEntries(Object.entries(given ?? {}).filter(([name]) => people.includes(name)));
  } catch {
    return {};
  }
}
