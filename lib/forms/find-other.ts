import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType } from '../objects/definition.ts';
import { findByValue, uniqueOwner } from '../objects/read-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { companyNamed } from '../quality/company-named.ts';
import { recordKey } from '../table/keys.ts';

const companies = '0-2';
/** Companies of one domain: so many are looked at for one that is not archived. */
const mostOfDomain = 10;

export type Found =
  | {
      readonly record: CrmRecord;
      /** By a name, which two may share: then nothing is written over. */
      readonly byName: boolean;
    }
  | 'SEVERAL';

/** The properties by which a record of the type is known to be the one that is meant. */
export const identifying = (type: ObjectType, input: Readonly<Record<string, string>>): string[] =>
  Object.keys(input).filter((name) => type.properties.get(name)?.hasUniqueValue);

/** An ID as it is kept, so that what compares IDs letter by letter finds the one that somebody typed in full width. */
export const plainId = (typed: string): string => typed.normalize('NFKC').trim();

/** The record's values with its IDs as they are kept. */
export const withPlainIds = (type: ObjectType, input: Readonly<Record<string, string>>): Record<string, string> => ({
  ...input,
  ...Object.fromEntries(identifying(type, input).map((name) => [name, plainId(input[name] ?? '')])),
});

/**
 * The record of another type that a submission speaks of: by a unique value, a company also by its domain, or by its name when one company
 * alone has it (`SEVERAL`: more have it, and none is meant). @throws CrmError 409 when its unique values belong to two records
 */
export async function findOther(
  app: App,
  type: ObjectType,
  input: Readonly<Record<string, string>>,
): Promise<Found | undefined> {
  const owners = new Set<string>();
  for (const name of identifying(type, input)) {
    const owner = await uniqueOwner(app, type.objectTypeId, name, input[name] ?? '');
    if (owner !== undefined) owners.add(owner);
  }
  if (owners.size > 1) throw new CrmError('CONFLICT', 'The values belong to two different records');
  const [id] = owners;
  const found = id === undefined ? undefined : (await live(app, type.objectTypeId, [id]))[0];
  if (found) return { record: found, byName: false };
  return type.objectTypeId === companies ? findCompany(app, input) : undefined;
}

async function findCompany(app: App, input: Readonly<Record<string, string>>): Promise<Found | undefined> {
  const domain = domainOf(input);
  const ofDomain = domain
    ? await live(app, companies, await findByValue(app, companies, 'domain', domain, mostOfDomain))
    : [];
  if (ofDomain[0]) return { record: ofDomain[0], byName: false };
  const name = input.name?.trim();
  if (!name) return undefined;
  const [exact, more] = await live(app, companies, await findByValue(app, companies, 'name', name, mostOfDomain));
  if (exact) return more && !domain ? 'SEVERAL' : unlessOther({ record: exact, byName: true }, domain);
  const id = await companyNamed(app, name);
  const [named] = id === undefined ? [] : await live(app, companies, [id]);
  return named && unlessOther({ record: named, byName: true }, domain);
}

/** A company of the name that has another domain is another company. */
const unlessOther = (found: Exclude<Found, 'SEVERAL'>, domain: string | undefined): Found | undefined =>
  domain && found.record.properties.domain && found.record.properties.domain !== domain ? undefined : found;

/** What people write where a domain is asked for: an address of a page, with or without `www.`. */
export function domainOf({ domain = '' }: Readonly<Record<string, string>>): string | undefined {
  const bare = domain
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/?#].*$/, '');
  return bare || undefined;
}

async function live(app: App, objectType: string, ids: readonly string[]): Promise<CrmRecord[]> {
  const found = await app.table.getMany(
    ids.map((id) => recordKey({ objectType, id })),
    CrmRecord,
  );
  return found.filter(({ archivedAt }) => archivedAt === undefined).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
