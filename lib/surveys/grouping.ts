import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { requireAccess } from '../core/scopes.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { listOwners, type Owner } from '../owners/store.ts';
import { inParallel } from '../table/in-parallel.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';
import type { StoredAnswer } from './answer-row.ts';
import type { StoredSurvey } from './schema.ts';
import { choicesOf } from './show-if.ts';

/** How answers fall into groups: the values of an answer (one, but for choices of several options), and what a value is called. */
type Grouping = {
  readonly valuesOf: (answer: StoredAnswer) => readonly string[];
  readonly labelOf: (value: string) => string;
};

const contacts = '0-1';
const deals = '0-3';
const tickets = '0-5';

const refused = (why: string) =>
  new CrmError('VALIDATION_ERROR', `groupBy: ${why}`, { context: { fields: ['groupBy'] } });

/**
 * `contact.{property}`, `deal.{property}` (the newest deal of the answer), `ticket.{property}` (the ticket that the mail was about),
 * `owner.{id|name|email|team}` (the contact's owner, else the deal's) or `answer.{questionId}`. An answer without such a value is in the
 * group of the empty one. @throws CrmError 400, 403
 */
export async function groupingOf(
  app: App,
  survey: StoredSurvey,
  groupBy: string,
  answers: readonly StoredAnswer[],
): Promise<Grouping> {
  const at = groupBy.indexOf('.');
  const [source, name] = [groupBy.slice(0, at), groupBy.slice(at + 1)];
  switch (source) {
    case 'contact':
      return byProperty(app, { objectType: contacts, property: name, refOf: contactOf, answers });
    case 'deal':
      return byProperty(app, { objectType: deals, property: name, refOf: dealOf, answers });
    case 'ticket':
      return byProperty(app, { objectType: tickets, property: name, refOf: ticketOf, answers });
    case 'owner':
      return byOwner(app, name, answers);
    case 'answer':
      return byAnswer(survey, name);
    default:
      throw refused('begins with contact., deal., ticket., owner. or answer.');
  }
}

type RefOf = (answer: StoredAnswer) => RecordRef | undefined;

const contactOf: RefOf = ({ contactId }) =>
  contactId === undefined ? undefined : { objectType: contacts, id: contactId };
const dealOf: RefOf = ({ dealIds: [id] = [] }) => (id === undefined ? undefined : { objectType: deals, id });
const ticketOf: RefOf = ({ about }) =>
  about?.objectType === tickets ? { objectType: tickets, id: about.recordId } : undefined;

type ByProperty = {
  readonly objectType: string;
  readonly property: string;
  readonly refOf: RefOf;
  readonly answers: readonly StoredAnswer[];
};

async function byProperty(app: App, { objectType, property, refOf, answers }: ByProperty): Promise<Grouping> {
  requireAccess(app, [objectType], 'read');
  const definition = (await loadObjectType(app, objectType)).properties.get(property);
  if (!definition) throw refused(`there is no property ${property}`);
  const records = await recordsOf(app, answers, refOf);
  const labels = new Map(definition.options.map(({ value, label }) => [value, label]));
  return {
    valuesOf: (answer) => [records(answer)?.properties[property] ?? ''],
    labelOf: (value) => labels.get(value) ?? value,
  };
}

const keysAtOnce = 100;
const readsAtOnce = 8;

/** The records of the answers as they are now: a hundred to a read, not strongly consistent; those that were merged through one step. */
async function recordsOf(app: App, answers: readonly StoredAnswer[], refOf: RefOf) {
  const refs = answers.flatMap((answer) => refOf(answer) ?? []);
  const found = await readAll(app, refs);
  const merged = [...found.values()].flatMap(({ objectType, mergedInto }) =>
    mergedInto === undefined ? [] : [{ objectType, id: mergedInto }],
  );
  const survivors = await readAll(app, merged);
  return (answer: StoredAnswer): CrmRecord | undefined => {
    const record = found.get(refOf(answer)?.id ?? '');
    return record?.mergedInto === undefined ? record : survivors.get(record.mergedInto);
  };
}

async function readAll(app: App, refs: readonly RecordRef[]): Promise<Map<string, CrmRecord>> {
  const distinct = [...new Map(refs.map((ref) => [ref.id, recordKey(ref)])).values()];
  const chunks = Array.from({ length: Math.ceil(distinct.length / keysAtOnce) }, (_, part) =>
    distinct.slice(part * keysAtOnce, (part + 1) * keysAtOnce),
  );
  const pages = await inParallel(chunks, readsAtOnce, (keys) =>
    app.table.getMany(keys, CrmRecord, { consistent: false }),
  );
  return new Map(pages.flat().map((record) => [record.id, record]));
}

const ownerNames: Readonly<Record<string, (owner: Owner) => string>> = {
  id: ({ id }) => id,
  email: ({ email }) => email,
  name: ({ lastName, firstName }) => `${lastName} ${firstName}`.trim(),
  team: ({ teams }) => (teams.find(({ primary }) => primary) ?? teams[0])?.name ?? '',
};

async function byOwner(app: App, name: string, answers: readonly StoredAnswer[]): Promise<Grouping> {
  requireAccess(app, [contacts, deals], 'read');
  const read = Object.hasOwn(ownerNames, name) ? ownerNames[name] : undefined;
  if (!read) throw refused('of an owner there are id, name, email and team');
  const owners = new Map((await listOwners(app)).map((owner) => [owner.id, owner]));
  const ofContact = await recordsOf(app, answers, contactOf);
  const ofDeal = await recordsOf(app, answers, dealOf);
  const ownerOf = (answer: StoredAnswer) =>
    owners.get(ofContact(answer)?.properties.hubspot_owner_id ?? ofDeal(answer)?.properties.hubspot_owner_id ?? '');
  return {
    valuesOf: (answer) => {
      const owner = ownerOf(answer);
      return [owner ? read(owner) : ''];
    },
    labelOf: (value) => {
      const owner = name === 'id' ? owners.get(value) : undefined;
      return owner ? (ownerNames.name?.(owner) ?? value) : value;
    },
  };
}

/** By what was answered to a question of a score or of options; who chose several options is in the group of each. */
function byAnswer(survey: StoredSurvey, questionId: string): Grouping {
  const question = survey.questions.find(({ id }) => id === questionId);
  if (!question || choicesOf(survey.type, question).length === 0)
    throw refused(`there is no question ${questionId} to choose from`);
  return {
    valuesOf: ({ answers }) => {
      const value = answers.find((answer) => answer.questionId === questionId)?.value ?? '';
      return question.type === 'multiselect' ? value.split(';') : [value];
    },
    labelOf: (value) => value,
  };
}
