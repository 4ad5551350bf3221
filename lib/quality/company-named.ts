import type { App } from '../core/app.ts';
import { mayAccess } from '../core/scopes.ts';
import { companyKey } from '../objects/company-key.ts';
import { CrmRecord } from '../objects/record.ts';
import { recordKey } from '../table/keys.ts';
import { textCandidates } from '../text/store.ts';
import { companyForm } from './company.ts';
import { foldName } from './letters.ts';
import type { Suggestion } from './schema.ts';

const companies = '0-2';
/** Of a name that more companies hold it is not said which one is meant. */
const mostCandidates = 200;

/**
 * The one company of this name, whatever the width, the case and the place of its legal form; where one of the two spellings has no form,
 * the name without it decides. Undefined when there is none, or when it may be one of several. It knows names from a second after they were
 * written, and costs at most three queries and the read of 200 companies.
 */
export async function companyNamed(app: App, name: string): Promise<string | undefined> {
  const core = foldName(name).replace(companyForm, '').trim();
  if (core === '') return undefined;
  const { ids, after } = await textCandidates(app, companies, core, { limit: mostCandidates });
  if (after !== undefined) return undefined;
  const keys = ids.map((id) => recordKey({ objectType: companies, id }));
  const found = (await app.table.getMany(keys, CrmRecord)).filter(({ archivedAt }) => archivedAt === undefined);
  const wanted = companyKey(name);
  const named = found.map(({ id, properties }) => ({ id, key: companyKey(properties.name ?? '') }));
  const same = named.filter(({ key }) => key === wanted);
  const alike = same.length > 0 ? same : named.filter(({ key }) => mayBeOne(key, wanted));
  return alike.length === 1 ? alike[0]?.id : undefined;
}

/** Of one key, or of one name where one of the two has no legal form. */
function mayBeOne(one: string, other: string): boolean {
  const [core, form] = one.split('|');
  const [otherCore, otherForm] = other.split('|');
  return core === otherCore && (form === otherForm || form === '' || otherForm === '');
}

/**
 * The company that a suggested name speaks of, for those who may read companies. Not when another company is known of the contact: then
 * it is not said to be with that one.
 */
export async function withCompany(
  app: App,
  { company }: Pick<Suggestion, 'company'>,
  known: { readonly company?: string | undefined },
): Promise<{ readonly companyId?: string }> {
  if (company === undefined || !mayAccess(app, companies, 'read')) return {};
  if (known.company && !mayBeOne(companyKey(known.company), companyKey(company))) return {};
  const companyId = await companyNamed(app, company);
  return companyId === undefined ? {} : { companyId };
}
