import type { startStand } from './stand.ts';

/** What tests of associations say again and again: contacts, companies and the pairs of them. */
export function pairsOf(stand: Awaited<ReturnType<typeof startStand>>) {
  let made = 0;
  const create = async (objectType: string) => {
    made += 1;
    const properties = objectType === 'companies' ? { name: `会社${made}` } : { email: `a${made}@example.com` };
    const { body } = await stand.request('objects/create', { path: { objectType }, body: { properties } });
    return String(body.id);
  };
  const contact = () => create('contacts');
  const company = () => create('companies');
  const spec = (associationTypeId: number, associationCategory = 'HUBSPOT_DEFINED') => ({
    associationCategory,
    associationTypeId,
  });
  const pair = (objectId: string, toObjectId: string) => ({
    objectType: 'contacts',
    objectId,
    toObjectType: 'companies',
    toObjectId,
  });
  const set = (objectId: string, toObjectId: string, ...typeIds: number[]) =>
    stand.request('associations/set', {
      path: pair(objectId, toObjectId),
      body: typeIds.map((typeId) => spec(typeId)),
    });
  const setDefault = (objectId: string, toObjectId: string) =>
    stand.request('associations/set-default', { path: pair(objectId, toObjectId) });
  const list = (objectType: string, objectId: string, toObjectType: string, query: Record<string, string> = {}) =>
    stand.request('associations/list', { path: { objectType, objectId, toObjectType }, query });
  const typesOf = async (objectId: string, toObjectId: string, [from, to] = ['contacts', 'companies']) => {
    const { body } = await list(String(from), objectId, String(to));
    const results = Array.from(
      body.results as unknown as { toObjectId: string; associationTypes: { typeId: number }[] }[],
    );
    return results.find((result) => result.toObjectId === toObjectId)?.associationTypes.map(({ typeId }) => typeId);
  };
  const pairs = (
    operation: string,
    inputs: readonly unknown[],
    path = { fromObjectType: 'contacts', toObjectType: 'companies' },
  ) => stand.request(`associations/${operation}`, { path, body: { inputs } });
  return { contact, company, spec, pair, set, setDefault, list, typesOf, pairs };
}
