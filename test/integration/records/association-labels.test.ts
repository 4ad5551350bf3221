import { afterAll, describe, expect, test } from 'vitest';
import { handler as detach } from '../../../functions/associations/detach.ts';
import { StoredPair } from '../../../lib/associations/pair.ts';
import { labelKey } from '../../../lib/table/keys.ts';
import { archived } from '../../support/given.ts';
import { pairsOf } from './pairs.ts';
import { costOf, startStand } from './stand.ts';

const stand = await startStand();
afterAll(() => stand.stop());
const { contact, company, spec, pair, set, setDefault, list, typesOf, pairs } = pairsOf(stand);

describe("labels of one's own", () => {
  const path = { fromObjectType: 'contacts', toObjectType: 'companies' };
  const labels = async (types = path) => {
    const { body } = await stand.request('associations/list-labels', { path: types });
    return Array.from(body.results as unknown as { typeId: number; label: string | null; category: string }[]);
  };

  test('are made for both sides, used, renamed and deleted', async () => {
    const created = await stand.request('associations/create-label', {
      path,
      body: { name: 'agency', label: '代理店', inverseLabel: '広告主' },
    });
    expect(created).toMatchObject({
      status: 200,
      body: { results: [{ category: 'USER_DEFINED', label: '代理店' }, { label: '広告主' }] },
    });
    const typeId = Number(created.body.results?.[0]?.typeId);
    const [from, to] = [await contact(), await company()];
    const put = await stand.request('associations/set', { path: pair(from, to), body: [spec(typeId, 'USER_DEFINED')] });
    expect(put.body.labels).toEqual(['代理店']);
    const back = await list('companies', to, 'contacts');
    expect(back.body.results?.[0]?.associationTypes).toMatchObject([{ typeId: 280 }, { label: '広告主' }]);

    const renamed = await stand.request('associations/update-label', {
      path,
      body: { associationTypeId: typeId, label: '代理店様' },
    });
    expect(renamed.status).toBe(204);
    expect((await labels()).map(({ label }) => label)).toContain('代理店様');
    expect(
      (await stand.request('associations/create-label', { path, body: { name: 'Agency', label: 'x' } })).status,
    ).toBe(409);

    const remove = { path: { ...path, associationTypeId: String(typeId) } };
    expect((await stand.request('associations/delete-label', remove)).status).toBe(204);
    expect((await labels()).map((label) => label.typeId)).not.toContain(typeId);
    expect(await typesOf(from, to)).toEqual([279]);
    expect((await stand.request('associations/delete-label', remove)).status).toBe(404);
  });

  test('are not given to a pair once they are deleted, whoever still knows them', async () => {
    const { body } = await stand.request('associations/create-label', { path, body: { name: 'gone', label: '廃止' } });
    const typeId = Number(body.results?.[0]?.typeId);
    await stand.app.table.commit([{ remove: labelKey('0-1', '0-2', typeId) }]);
    const [from, to] = [await contact(), await company()];
    expect((await set(from, to, typeId)).status).toBe(400);
    expect(await typesOf(from, to)).toBeUndefined();
    const note = await stand.request('objects/create', {
      path: { objectType: 'contacts' },
      body: { properties: {}, associations: [{ to: { id: to }, types: [spec(typeId, 'USER_DEFINED')] }] },
    });
    expect(note.status).toBe(400);
    const answer = await pairs('batch-create', [{ from: { id: from }, to: { id: to }, types: [spec(typeId)] }]);
    expect(answer.status).toBe(400);
  });

  test('that were deleted while pairs had them cost the reads of those pairs nothing', async () => {
    const { body } = await stand.request('associations/create-label', {
      path,
      body: { name: 'used', label: '使用中' },
    });
    const typeId = Number(body.results?.[0]?.typeId);
    const [from, to] = [await contact(), await company()];
    await set(from, to, typeId);
    await stand.request('associations/delete-label', { path: { ...path, associationTypeId: String(typeId) } });
    await list('contacts', from, 'companies');
    const again = await list('contacts', from, 'companies');
    expect(costOf(again).calls).toBe(1);
    expect(await typesOf(from, to)).toEqual([279]);
  });

  test('have ids that are numbers', async () => {
    const remove = { path: { ...path, associationTypeId: 'abc' } };
    expect((await stand.request('associations/delete-label', remove)).status).toBe(400);
  });

  test('are the only ones that can be changed', async () => {
    const remove = { path: { ...path, associationTypeId: '279' } };
    expect((await stand.request('associations/delete-label', remove)).status).toBe(400);
    expect((await labels()).map(({ typeId }) => typeId)).toContain(279);
  });
});

describe('an archived record', () => {
  const arrive = (objectType: string, id: string) => {
    const { type, detail } = archived(id, objectType);
    const message = { 'detail-type': type, source: 'tsunagi', detail };
    return detach({ Records: [{ messageId: '1', body: JSON.stringify(message) }] } as unknown as Parameters<
      typeof detach
    >[0]);
  };

  test('disappears from the associations of all others, however many, and a second message changes nothing', async () => {
    const to = await company();
    const from = await Promise.all(Array.from({ length: 60 }, contact));
    await pairs(
      'batch-associate-default',
      from.map((id) => ({ from: { id }, to: { id: to } })),
    );
    await stand.request('objects/archive', { path: { objectType: 'companies', objectId: to } });
    expect(await arrive('0-2', to)).toEqual({ batchItemFailures: [] });
    expect(await arrive('0-2', to)).toEqual({ batchItemFailures: [] });
    for (const id of from.slice(0, 3)) expect((await list('contacts', id, 'companies')).body).toEqual({ results: [] });
    const kept = await stand.app.table.query({ pk: `0-2#${to}`, prefix: 'detached#' }, StoredPair);
    expect(kept.items).toHaveLength(60);
  });

  test('that lives again keeps its associations when the message comes late', async () => {
    const [from, to] = [await contact(), await company()];
    await setDefault(from, to);
    await arrive('0-1', from);
    expect(await typesOf(from, to)).toEqual([279]);
  });
});
