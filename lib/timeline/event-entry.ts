import * as z from 'zod/mini';
import { Actor, Changes, EventDetail } from '../../events/define.ts';
import type { Words } from './words.ts';

/** What a timeline shows of one thing that happened. */
export type Kind =
  | 'record'
  | 'association'
  | 'list'
  | 'form'
  | 'survey'
  | 'mail'
  | 'subscription'
  | 'flow'
  | 'sync'
  | 'event'
  | 'visit'
  | 'note'
  | 'email'
  | 'call'
  | 'meeting'
  | 'task'
  | 'communication'
  | 'postal_mail';

export const LoggedEvent = z.object({ type: z.string(), detail: EventDetail });
export type LoggedEvent = z.output<typeof LoggedEvent>;

/** Events by the kind that a timeline sorts them under, by the family of their type. */
const kinds: Readonly<Record<string, Kind>> = {
  record: 'record',
  association: 'association',
  list: 'list',
  form: 'form',
  survey: 'survey',
  email: 'mail',
  subscription: 'subscription',
  flow: 'flow',
  sync: 'sync',
};

export const kindOf = ({ type }: LoggedEvent): Kind => kinds[type.split('.')[0] ?? ''] ?? 'event';

/** Dealings with a person or a company: what the timelines of associated records show too. */
export const isDealing = (kind: Kind): boolean => !['record', 'association', 'list', 'flow', 'sync'].includes(kind);

/** How properties and object types are called. */
export type Labels = { readonly property: (name: string) => string; readonly objectType: (id: string) => string };

type Text = { readonly title: string; readonly body?: string };

const longestBody = 1000;
const cut = (text: string) => [...text].slice(0, longestBody).join('');

/** An event in words. */
export function textOf({ type, detail }: LoggedEvent, words: Words, labels: Labels): Text {
  const mail = type.startsWith('email.') ? words.mail[type.slice('email.'.length)] : undefined;
  if (mail) return { title: mail, ...(typeof detail.reason === 'string' && { body: detail.reason }) };
  switch (type) {
    case 'record.created':
      return { title: words.created };
    case 'record.updated':
      return changeText(Changes.parse(detail.changes), words, labels);
    case 'record.archived':
      return { title: words.archived };
    case 'record.restored':
      return { title: words.restored };
    case 'record.merged':
      return { title: words.merged };
    case 'record.unmerged':
      return { title: words.unmerged };
    case 'association.created':
      return { title: words.associated(labels.objectType(String(detail.toObjectType))) };
    case 'association.removed':
      return { title: words.dissociated(labels.objectType(String(detail.toObjectType))) };
    case 'list.member-added':
      return { title: words.listAdded };
    case 'list.member-removed':
      return { title: words.listRemoved };
    case 'form.submitted':
      return {
        title: words.formSubmitted,
        body: cut(
          FormValues.parse(detail.values)
            .map(({ value }) => value)
            .join('\n'),
        ),
      };
    case 'survey.answered':
      return surveyText(detail, words);
    case 'subscription.changed':
      return { title: detail.status === 'SUBSCRIBED' ? words.subscribed : words.unsubscribed };
    case 'flow.run-finished':
      return { title: words.flowRun[String(detail.status)] ?? type };
    case 'sync.pushed':
      return { title: words.pushed };
    case 'sync.failed':
      return { title: words.pushFailed, body: String(detail.message) };
    default:
      return otherText(type, detail);
  }
}

const FormValues = z.array(z.object({ value: z.string() }));
const Answers = z.array(z.object({ label: z.string(), value: z.string() }));

function changeText(changes: Changes, words: Words, labels: Labels): Text {
  const entries = Object.entries(changes);
  const [first] = entries;
  const shown = (value: string | null) => (value === null || value === '' ? words.empty : value);
  const lines = entries.map(([name, [from, to]]) => `${labels.property(name)}: ${shown(from)} → ${shown(to)}`);
  return { title: words.changed(labels.property(first?.[0] ?? ''), entries.length - 1), body: cut(lines.join('\n')) };
}

function surveyText(detail: EventDetail, words: Words): Text {
  const score = typeof detail.score === 'number' ? detail.score : undefined;
  const answers = Answers.parse(detail.answers).map(({ label, value }) => `${label}: ${value}`);
  return { title: words.surveyAnswered(score), ...(answers.length > 0 && { body: cut(answers.join('\n')) }) };
}

/** Events that others define (custom events, timeline events) bring their own words. */
function otherText(type: string, { header, title, body }: EventDetail): Text {
  const own = [title, header].find((each) => typeof each === 'string');
  return { title: typeof own === 'string' ? own : type, ...(typeof body === 'string' && { body: cut(body) }) };
}

export const PublicEntry = z.object({
  id: z.string(),
  kind: z.string(),
  occurredAt: z.string(),
  /** When an activity took place, as its author says. */
  activityAt: z.optional(z.string()),
  actor: z.extend(Actor, { label: z.optional(z.string()) }),
  title: z.string(),
  body: z.optional(z.string()),
  objectType: z.string(),
  recordId: z.string(),
  via: z.optional(z.object({ objectType: z.string(), id: z.string() })),
  changeSetId: z.optional(z.string()),
});
export type PublicEntry = z.output<typeof PublicEntry>;
