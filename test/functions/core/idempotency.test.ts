import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as archive } from '../../../functions/objects/archive.ts';
import { handler as batchCreate } from '../../../functions/objects/batch-create.ts';
import { handler as batchUpdate } from '../../../functions/objects/batch-update.ts';
import { handler as create } from '../../../functions/objects/create.ts';
import { handler as get } from '../../../functions/objects/get.ts';
import { handler as update } from '../../../functions/objects/update.ts';
import { handler as createGroup } from '../../../functions/properties/create-group.ts';
import { newId } from '../../../lib/core/ids.ts';
import { hashToken } from '../../../lib/core/token.ts';
import { CrmRecord } from '../../../lib/objects/record.ts';
import { idempotencyKey, idempotencyMarkKey } from '../../../lib/table/idempotency-keys.ts';
import { typeListing } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const path = { objectType: 'companies' };
const url = '/crm/v3/objects/companies';
const keyed = (key: string) => ({ ...bearer(), 'idempotency-key': key });
const companies = () => database.app.table.all({ pk: typeListing('0-2', false), index: 'gsi1' }, CrmRecord);
const named = async (name: string) => (await companies()).filter(({ properties }) => properties.name === name);

/** A first run whose process died after its writes, before it could keep the answer. */
async function forgetAnswer(key: string) {
  const pk = idempotencyKey(hashToken(`token:1\n${key}`));
  await database.app.table.commit([
    { update: pk, set: { state: 'RUNNING', leaseUntil: '2020-01-01T00:00:00.000Z' }, unset: ['reply'] },
  ]);
}

describe('a request with an Idempotency-Key', () => {
  test('is carried out once; the repetition gets the first answer', async () => {
    const request = { url, path, headers: keyed('k1'), body: { properties: { name: 'one' } } };
    const first = await call(create, request);
    const second = await call(create, request);
    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect(second.headers.location).toBe(first.headers.location);
    expect(await named('one')).toHaveLength(1);
  });

  test('sent twice at once makes one record', async () => {
    const request = { url, path, headers: keyed('k2'), body: { properties: { name: 'two' } } };
    const answers = await Promise.all([call(create, request), call(create, request)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)).toMatchObject({
      headers: { 'retry-after': '1' },
      body: { subCategory: 'IDEMPOTENCY_REQUEST_IN_PROGRESS' },
    });
    expect(await named('two')).toHaveLength(1);
  });

  test('whose process died after the write answers with the record that it made', async () => {
    const request = { url, path, headers: keyed('k3'), body: { properties: { name: 'three' } } };
    const first = await call(create, request);
    await forgetAnswer('k3');
    const second = await call(create, request);
    expect(second).toMatchObject({ status: 201, body: { id: (first.body as { id: string }).id } });
    expect(await named('three')).toHaveLength(1);
  });

  test('of a batch that died in the middle is completed without doubles', async () => {
    const inputs = ['a', 'b', 'c'].map((name) => ({ properties: { name: `batch ${name}` } }));
    const request = { url: `${url}/batch/create`, path, headers: keyed('k4'), body: { inputs } };
    const first = await call(batchCreate, request);
    await forgetAnswer('k4');
    const second = await call(batchCreate, request);
    const ids = ({ body }: typeof first) => (body as { results: { id: string }[] }).results.map(({ id }) => id);
    expect(second.status).toBe(201);
    expect(ids(second)).toEqual(ids(first));
    expect((await companies()).filter(({ properties }) => properties.name?.startsWith('batch'))).toHaveLength(3);
  });

  test('of a batch of changes does not undo what others changed meanwhile', async () => {
    const { body } = await call(create, { url, path, headers: bearer(), body: { properties: { name: 'x' } } });
    const { id } = body as { id: string };
    const change = (headers: Record<string, string>, name: string) =>
      call(batchUpdate, {
        url: `${url}/batch/update`,
        path,
        headers,
        body: { inputs: [{ id, properties: { name } }] },
      });
    await change(keyed('k5'), 'first');
    await forgetAnswer('k5');
    await change(bearer(), 'later');
    const again = await change(keyed('k5'), 'first');
    expect(again.status).toBe(200);
    expect(await named('later')).toHaveLength(1);
  });

  test('that stands for another request is a 422, another token has its own keys', async () => {
    await call(create, { url, path, headers: keyed('k6'), body: { properties: { name: 'six' } } });
    const other = await call(create, { url, path, headers: keyed('k6'), body: { properties: { name: 'seven' } } });
    expect(other).toMatchObject({ status: 422, body: { subCategory: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  test('that was refused may be sent again', async () => {
    const request = { url, path, headers: keyed('k7'), body: { properties: { numberofemployees: 'many' } } };
    expect((await call(create, request)).status).toBe(400);
    expect((await call(create, request)).status).toBe(400);
  });

  test('that died half done, and was refused when it came again, still knows what it had done', async () => {
    const contacts = { objectType: 'contacts' };
    const email = 'half@example.co.jp';
    const inputs = [{ properties: { lastname: 'half' } }, { properties: { email } }];
    const send = (headers: Record<string, string>, given: unknown[]) =>
      call(batchCreate, {
        url: '/crm/v3/objects/contacts/batch/create',
        path: contacts,
        headers,
        body: { inputs: given },
      });
    const idsOf = ({ body }: Awaited<ReturnType<typeof send>>) =>
      (body as { results: { id: string }[] }).results.map(({ id }) => id);
    const remove = (objectId = '') =>
      call(archive, { method: 'DELETE', path: { ...contacts, objectId }, headers: bearer() });
    const [one, two] = idsOf(await send(keyed('k9'), inputs));
    await forgetAnswer('k9');
    await database.app.table.commit([{ remove: idempotencyMarkKey(hashToken('token:1\nk9'), 1) }]);
    await remove(two);
    const [other] = idsOf(await send(bearer(), [{ properties: { email } }]));
    expect((await send(keyed('k9'), inputs)).status).toBe(409);
    await remove(other);
    const again = await send(keyed('k9'), inputs);
    expect(again.status).toBe(201);
    expect(idsOf(again)[0]).toBe(one);
  });

  test('whose day is over is a new request, also while the table still holds what the first one left', async () => {
    const send = (name: string) => call(create, { url, path, headers: keyed('k10'), body: { properties: { name } } });
    await send('ten');
    const hash = hashToken('token:1\nk10');
    const over = { set: { expiresAt: 1_600_000_000 } };
    await database.app.table.commit([
      { update: idempotencyKey(hash), ...over },
      { update: idempotencyMarkKey(hash, 0), ...over },
    ]);
    expect((await send('eleven')).status).toBe(201);
    expect(await named('eleven')).toHaveLength(1);
  });

  test('has a key of 1 to 255 characters', async () => {
    for (const key of [' ', 'x'.repeat(256)]) {
      const answer = await call(create, { url, path, headers: keyed(key), body: { properties: { name: 'n' } } });
      expect(answer.status).toBe(400);
    }
  });

  test('that makes something else than a record, and died, is left to people', async () => {
    const request = {
      url: '/crm/v3/properties/companies/groups',
      path,
      headers: keyed('k8'),
      body: { name: `g${newId()}`, label: 'Group' },
    };
    expect((await call(createGroup, request)).status).toBe(201);
    await forgetAnswer('k8');
    expect(await call(createGroup, request)).toMatchObject({
      status: 409,
      body: { subCategory: 'IDEMPOTENCY_OUTCOME_UNKNOWN' },
    });
  });
});

describe('If-Match', () => {
  const record = async () => {
    const { body, headers } = await call(create, { url, path, headers: bearer(), body: { properties: { name: 'v' } } });
    return { objectId: (body as { id: string }).id, etag: headers.etag ?? '' };
  };

  test('lets a change through at the version that was read, and tells when somebody was faster', async () => {
    const { objectId, etag } = await record();
    const change = (name: string, ifMatch: string) =>
      call(update, {
        method: 'PATCH',
        url: `${url}/${objectId}`,
        path: { ...path, objectId },
        headers: { ...bearer(), 'if-match': ifMatch },
        body: { properties: { name } },
      });
    const first = await change('w', etag);
    expect(first.status).toBe(200);
    expect(await change('z', etag)).toMatchObject({ status: 412, body: { subCategory: 'PRECONDITION_FAILED' } });
    const read = await call(get, { method: 'GET', path: { ...path, objectId }, headers: bearer() });
    expect(read.headers.etag).toBe(first.headers.etag);
    expect((await change('z', '*')).status).toBe(200);
  });

  test('holds for an archive too', async () => {
    const { objectId } = await record();
    const remove = (ifMatch: string) =>
      call(archive, {
        method: 'DELETE',
        url: `${url}/${objectId}`,
        path: { ...path, objectId },
        headers: { ...bearer(), 'if-match': ifMatch },
      });
    expect((await remove('"9"')).status).toBe(412);
    expect((await remove('"1"')).status).toBe(204);
  });

  test('is refused by an operation that does not look at it', async () => {
    const answer = await call(batchUpdate, {
      url: `${url}/batch/update`,
      path,
      headers: { ...bearer(), 'if-match': '"1"' },
      body: { inputs: [] },
    });
    expect(answer).toMatchObject({ status: 400, body: { context: { header: ['If-Match'] } } });
  });
});
