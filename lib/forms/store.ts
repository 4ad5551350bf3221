import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType } from '../objects/definition.ts';
import { withDefinitions } from '../objects/definition-store.ts';
import { anySubscriptionTypeOf } from '../subscriptions/type-store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { formKey, formPartition } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';
import { fieldsOf } from './field.ts';
import { fittedForm } from './form.ts';
import { type FormInput, type LegalConsentOptions, StoredForm } from './schema.ts';

/** An archived form is deleted after HubSpot's three months. */
const keptSeconds = 90 * 24 * 60 * 60;

/** The form, archived or not. 1 read. */
export const findForm = ({ table }: App, id: string): Promise<StoredForm | undefined> =>
  table.get(formKey(id), StoredForm);

/** The form. @throws CrmError 404 when there is none, or it is (not) archived. */
export async function readForm(app: App, id: string, { archived = false } = {}): Promise<StoredForm> {
  const form = await findForm(app, id);
  if (!form || form.archived !== archived) throw new CrmError('OBJECT_NOT_FOUND', 'resource not found');
  return form;
}

export type FormPage = { readonly after?: string | undefined; readonly limit: number; readonly archived: boolean };

/** A page of forms by id; the ids of the forms that did not match are skipped without a gap in the page. */
export async function listForms(
  { table }: App,
  { after, limit, archived }: FormPage,
): Promise<{ forms: StoredForm[]; after?: string }> {
  const found: StoredForm[] = [];
  let startAfter: Record<string, unknown> | undefined = after === undefined ? undefined : formKey(after);
  do {
    const page = await table.query(
      { pk: formPartition, prefix: 'form#', limit: limit + 1, ...(startAfter && { startAfter }) },
      StoredForm,
    );
    found.push(...page.items.filter((form) => form.archived === archived));
    startAfter = page.lastKey;
  } while (startAfter && found.length <= limit);
  const forms = found.slice(0, limit);
  const last = forms.at(-1);
  return found.length > limit && last ? { forms, after: last.id } : { forms };
}

/** Stores a new form, its fields checked against the properties. */
export async function createForm(app: App, form: StoredForm): Promise<StoredForm> {
  const fitted = await withFields(app, form);
  await app.table.commit([{ put: itemOf(fitted), when: absent }]);
  return fitted;
}

/**
 * Reads, changes and stores a form; when somebody else wrote in between, `change` runs again on what they wrote. The fields are
 * checked unless the form goes to the archive. @throws CrmError 404, also for an archived form unless `restores`.
 */
export const changeForm = (
  app: App,
  id: string,
  change: (form: StoredForm) => StoredForm,
  { restores = false } = {},
): Promise<StoredForm> =>
  contend(async () => {
    const form = await findForm(app, id);
    if (!form || (form.archived && !restores)) throw new CrmError('OBJECT_NOT_FOUND', 'resource not found');
    const changed = change(form);
    const stored = changed.archived ? changed : await withFields(app, changed);
    try {
      await app.table.commit([{ put: itemOf(stored), when: versionIs(form.version) }]);
    } catch (error) {
      throw error instanceof ConditionFailed ? new StaleRead() : error;
    }
    return stored;
  });

const itemOf = (form: StoredForm) => ({
  ...formKey(form.id),
  entity: 'form',
  ...form,
  ...(form.archivedAt && { expiresAt: Math.floor(Date.parse(form.archivedAt) / 1000) + keptSeconds }),
});

/** The form with what its properties fill in, when these and its kinds of mail are there. @throws CrmError 400 */
async function withFields<F extends FormInput>(app: App, form: F): Promise<F> {
  for (const id of kindsOf(form.legalConsentOptions))
    await anySubscriptionTypeOf(app, String(id), 'legalConsentOptions.subscriptionTypeId');
  const types = [...new Set(fieldsOf(form).map(({ field }) => field.objectTypeId))];
  return withTypes(app, types, new Map(), (loaded) => fittedForm(form, loaded));
}

function kindsOf(options: LegalConsentOptions): readonly number[] {
  if (options.type === 'none') return [];
  return options.type === 'legitimate_interest'
    ? options.subscriptionTypeIds
    : options.communicationsCheckboxes.map(({ subscriptionTypeId }) => subscriptionTypeId);
}

/** Loads the definitions of several types; a refusal that stale ones may have caused is tried once more with fresh ones. */
export function withTypes<T>(
  app: App,
  ids: readonly string[],
  loaded: ReadonlyMap<string, ObjectType>,
  use: (types: ReadonlyMap<string, ObjectType>) => Promise<T> | T,
): Promise<T> {
  const [first, ...rest] = ids;
  if (first === undefined) return Promise.resolve(use(loaded));
  return withDefinitions(app, first, (type) => withTypes(app, rest, new Map([...loaded, [first, type]]), use));
}
