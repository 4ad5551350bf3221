import type { App } from '../core/app.ts';
import { holdsScope, requiredScope, requireScope } from '../core/scopes.ts';
import type { ObjectType } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { loadCustomTypes } from '../schemas/types.ts';
import { inParallel } from '../table/in-parallel.ts';

/** What people type into the search box is a deal's, a person's, a company's or a ticket's, or one of their own types'. */
const usual = ['0-3', '0-1', '0-2', '0-5'];
const mostCustomTypes = 10;
const typesAtOnce = 4;

const readScope = (objectType: string) => requiredScope('crm.objects.{objectType}.read', { objectType });

/**
 * The types to search: those that are asked for, or deals, contacts, companies, tickets and the first ten custom types, as far as the
 * token may read them. @throws CrmError 400 for a type that there is not, 403 for one that was asked for and may not be read
 */
export async function typesToSearch(app: App, asked: readonly string[] | undefined): Promise<ObjectType[]> {
  if (asked) {
    for (const segment of asked) requireScope(app, readScope(segment));
    const types = await inParallel(asked, typesAtOnce, (segment) => loadObjectType(app, segment));
    return [...new Map(types.map((type) => [type.objectTypeId, type])).values()];
  }
  const names = [...usual, ...(await customTypes(app))].filter((name) => holdsScope(app, readScope(name)));
  return inParallel(names, typesAtOnce, (name) => loadObjectType(app, name));
}

async function customTypes(app: App): Promise<string[]> {
  if (!holdsScope(app, readScope('2-1'))) return [];
  const types = await loadCustomTypes(app);
  return types
    .filter(({ archived }) => !archived)
    .slice(0, mostCustomTypes)
    .map(({ objectTypeId }) => objectTypeId);
}
