type Values = Readonly<Record<string, string | null | undefined>>;

/** Where each type of activity has its text; of several the first one that is set. */
const bodies: Readonly<Record<string, readonly string[]>> = {
  '0-18': ['hs_communication_body'],
  '0-27': ['hs_task_body'],
  '0-46': ['hs_note_body'],
  '0-47': ['hs_meeting_body'],
  '0-48': ['hs_call_body'],
  '0-49': ['hs_email_text', 'hs_email_html'],
  '0-116': ['hs_postal_mail_body'],
};

const longest = 255;

/** The beginning of an activity's text without its markup, when the text changes. */
export function bodyPreview(objectTypeId: string, changes: Values, current: Values): Record<string, string | null> {
  const names = bodies[objectTypeId] ?? [];
  if (names.every((name) => changes[name] === undefined)) return {};
  const body = names.map((name) => (changes[name] === undefined ? current[name] : changes[name])).find(Boolean);
  return { hs_body_preview: body ? plainText(body) || null : null };
}

const entities: Readonly<Record<string, string>> = {
  '&nbsp;': ' ',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

function plainText(html: string): string {
  const text = html
    .replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<\/?[a-z!][^>]*>/gi, ' ')
    .replace(/&(?:nbsp|lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
  return [...text].slice(0, longest).join('');
}
