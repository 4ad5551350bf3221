import type { Facts } from './facts.ts';

/** How a value is made harmless where it is put. */
export type Escape = (value: string) => string;

export const plain: Escape = (value) => value;

/** In Slack's markup `<!channel>` in a visitor's message would call everybody. */
export const slackText: Escape = (value) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const htmlText: Escape = (value) => slackText(value).replaceAll('"', '&quot;').replaceAll("'", '&#39;');

const token = /\{\{\s*([\w.-]+)\s*\}\}/g;

/**
 * Puts values for tokens: `{{ enrolled_object.email }}`, `{{ action_output.1.subject }}` (a property of the record that action 1 made,
 * or a value that it left), `{{ owner.email }}`. A token without a value is empty.
 */
export const render = (text: string, facts: Facts, safely: Escape = plain): string =>
  text.replace(token, (_, path: string) => safely(tokenValue(path, facts) ?? ''));

function tokenValue(path: string, facts: Facts): string | undefined {
  const [source, ...rest] = path.split('.');
  switch (source) {
    case 'enrolled_object':
      return facts.enrolled.properties[rest.join('.')];
    case 'owner':
      return ownerValue(facts.owner, rest.join('.'));
    case 'action_output':
      return outputValue(facts, rest[0] ?? '', rest.slice(1).join('.'));
    default:
      return undefined;
  }
}

/** HubSpot writes names of properties in lower case, clients of its owners API in camel case: both are understood. */
function ownerValue(owner: Facts['owner'], name: string): string | undefined {
  if (!owner) return undefined;
  const values: Record<string, string> = {
    id: owner.id,
    email: owner.email,
    firstname: owner.firstName,
    lastname: owner.lastName,
    name: `${owner.lastName} ${owner.firstName}`.trim(),
  };
  return values[name.toLowerCase()];
}

/** What an action left under a name, or a property of the record that it made. */
export function outputValue({ outputs, made }: Facts, actionId: string, name: string): string | undefined {
  const value = made[actionId]?.properties[name] ?? outputs[actionId]?.[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
