import { standardTypes } from '../objects/object-types.ts';

/** The scopes besides those of the object types. */
const others = [
  'account-info.security.read',
  'activity.read',
  'automation',
  'behavioral_events.event_definitions.read_write',
  'analytics.behavioral_events.send',
  'business-intelligence',
  'communication_preferences.read',
  'communication_preferences.write',
  'conversations.read',
  'conversations.write',
  'conversations.visitor_identification.tokens.create',
  'crm.export',
  'crm.import',
  'crm.association-policies.read',
  'crm.association-policies.write',
  'crm.lists.read',
  'crm.lists.write',
  'crm.objects.custom.read',
  'crm.objects.custom.write',
  'crm.objects.owners.read',
  'crm.schemas.custom.read',
  'crm.schemas.custom.write',
  'data-quality.read',
  'data-quality.write',
  'feedback.read',
  'feedback.write',
  'forms',
  'jobs',
  'changesets',
  'marketing-email',
  'reports',
  'settings.integrations.read',
  'settings.integrations.write',
  'settings.users.read',
  'settings.users.teams.read',
  'settings.users.write',
  'tickets',
  'timeline',
  'transactional-email',
];

const ofTypes = [...new Set(standardTypes.map(({ scope }) => scope))].flatMap((name) =>
  ['objects', 'schemas'].flatMap((area) => [`crm.${area}.${name}.read`, `crm.${area}.${name}.write`]),
);

/** What a client is told that a token may do: `*` is spelled out, because clients look for the names that they need. */
export const spelledOut = (scopes: readonly string[]): string[] =>
  scopes.includes('*') ? [...new Set([...others, ...ofTypes])].sort() : [...scopes];
