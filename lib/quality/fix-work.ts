import * as z from 'zod/mini';
import type { AssociationInput } from '../associations/inline.ts';
import { completeChangeSetWrites, openChangeSet } from '../changesets/store.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { etagOf } from '../objects/precondition.ts';
import { readRecord } from '../objects/read-store.ts';
import type { CrmRecord } from '../objects/record.ts';
import { updateRecord } from '../objects/store.ts';
import { refusedKey } from '../table/change-set-keys.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { inParallel } from '../table/in-parallel.ts';
import { AlreadyDone } from '../table/once.ts';
import { findingKey, findingPartition, nameFixedKey, nameStateKey } from '../table/quality-keys.ts';
import { withCompany } from './company-named.ts';
import { fixValues } from './fix-values.ts';
import { nameFixKind } from './job-kinds.ts';
import { findingTypes, type Suggestion } from './schema.ts';
import { dismissalOf, FindingRow, NameState } from './state.ts';
import { currentWords } from './words-store.ts';

const contactsPerSlice = 50;
const contactsAtOnce = 5;
const contacts = '0-1';
const types = findingTypes.filter((type) => type !== 'DUPLICATE_PERSON');

const FixInput = z.object({
  changeSetId: z.string(),
  minConfidence: z.number(),
  /** Who asked may read companies: then contacts are associated with those that stood in their names. */
  companies: z.boolean(),
  contactIds: z.optional(z.array(z.string())),
});
type FixInput = z.output<typeof FixInput>;
/** Which of the ids, or which type of findings after which contact. */
const Cursor = z.object({ position: z.number(), after: z.optional(z.string()) });
type Cursor = z.output<typeof Cursor>;

/** `left`: its correction is not sure enough, or there is none any more. */
type Outcome = 'fixed' | 'left' | 'refused' | 'before';

/**
 * Corrects names, each once. What a name should be is decided with the contact as it is at that moment, and written only if the contact
 * is still so: a name that somebody changed meanwhile is looked at anew.
 */
export const nameFix = defineJob({
  kind: nameFixKind,
  input: FixInput,
  cursor: Cursor,
  slice: async (app, { input, cursor = { position: 0 } }): Promise<Slice<Cursor>> => {
    const { author } = await openChangeSet(app, input.changeSetId);
    const own: App = { ...app, actor: author, changeSetId: input.changeSetId };
    const { ids, next } = await page(app, input, cursor);
    const outcomes = await inParallel(ids, contactsAtOnce, (id) => fix(own, input, id));
    const count = (name: Outcome) => outcomes.filter((outcome) => outcome === name).length;
    return {
      done: next === undefined,
      processed: ids.length,
      counts: { fixed: count('fixed'), left: count('left'), refused: count('refused') },
      ...(next ? { cursor: next } : { also: await completeChangeSetWrites(app, input.changeSetId) }),
    };
  },
});

async function page(
  app: App,
  { contactIds }: FixInput,
  { position, after }: Cursor,
): Promise<{ ids: string[]; next?: Cursor }> {
  if (contactIds) {
    const ids = contactIds.slice(position, position + contactsPerSlice);
    const end = position + ids.length;
    return { ids, ...(end < contactIds.length && { next: { position: end } }) };
  }
  const type = types[position];
  if (type === undefined) return { ids: [] };
  const { items, lastKey } = await app.table.query(
    {
      pk: findingPartition(type),
      limit: contactsPerSlice,
      ...(after !== undefined && { startAfter: findingKey(type, after) }),
    },
    FindingRow,
  );
  const ids = items.map(({ contactId }) => contactId);
  const last = ids.at(-1);
  if (lastKey && last !== undefined) return { ids, next: { position, after: last } };
  return { ids, ...(position + 1 < types.length && { next: { position: position + 1 } }) };
}

const fix = (app: App, input: FixInput, id: string): Promise<Outcome> =>
  contend(async (): Promise<Outcome> => {
    const record = await readRecord(app, contacts, { id });
    if (!record) return 'left';
    const { suggestName } = await import('./suggest.ts');
    const suggestion = suggestName(record.properties, await currentWords(app));
    const values = fixValues(record.properties, suggestion);
    if (!values || suggestion.confidence < input.minConfidence || (await isDismissed(app, id, suggestion.findings)))
      return 'left';
    const once = () => ({ ...nameFixedKey(input.changeSetId, id), entity: 'name-fixed' });
    try {
      const associations = input.companies ? await companiesOf(app, record, suggestion) : [];
      await updateRecord(app, contacts, { id }, values, { once, ifMatch: etagOf(record), associations });
      return 'fixed';
    } catch (error) {
      if (error instanceof AlreadyDone) return 'before';
      if (!(error instanceof CrmError) || error.status >= 500) throw error;
      if (error.status === 412) throw new StaleRead('The contact was changed meanwhile');
      const row = { entity: 'refused', objectType: contacts, recordId: id, message: error.message };
      await app.table.commit([{ put: { ...refusedKey(input.changeSetId, id), ...row } }]);
      return 'refused';
    }
  });

/** The company that stood in the name, where it is known which one is meant. */
async function companiesOf(app: App, record: CrmRecord, suggestion: Suggestion): Promise<AssociationInput[]> {
  const { companyId: id } = await withCompany(app, suggestion, record.properties);
  return id === undefined ? [] : [{ to: { id, objectType: '0-2' }, types: 'default' }];
}

/** Somebody said that something of the name is right as it is: then nothing of it is changed. */
async function isDismissed(app: App, id: string, findings: readonly string[]): Promise<boolean> {
  const state = await app.table.get(nameStateKey(id), NameState);
  return state !== undefined && findings.some((type) => state.dismissed[type] === dismissalOf(type, state));
}
