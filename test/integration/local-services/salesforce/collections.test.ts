import { describe, expect, test } from 'vitest';
import { aLead, inCollection, orgStand } from './stand.ts';

const stand = orgStand();

type Result = {
  id?: string;
  success: boolean;
  created?: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
};

const collection = (method: string, records: unknown, { path = '', allOrNone = false } = {}) =>
  stand.org.call<Result[]>(method, `/composite/sobjects${path}`, { allOrNone, records });
const codes = ({ body }: { body: Result[] }) =>
  body.map(({ success, errors }) => (success ? 'ok' : errors[0]?.statusCode));

describe('a collection', () => {
  test('answers in order, and 200 even if all of it is refused', async () => {
    const mixed = await collection('POST', [
      inCollection('Lead', aLead()),
      inCollection('Contact', {}),
      inCollection('Contact', { LastName: 'x', Email: 'bad' }),
      inCollection('Lead', aLead()),
    ]);
    expect(mixed.status).toBe(200);
    expect(codes(mixed)).toEqual(['ok', 'REQUIRED_FIELD_MISSING', 'INVALID_EMAIL_ADDRESS', 'ok']);
    expect(mixed.body[1]?.errors[0]).toEqual({
      statusCode: 'REQUIRED_FIELD_MISSING',
      message: 'Required fields are missing: [LastName]',
      fields: ['LastName'],
    });
    const refused = await collection('POST', [inCollection('Lead', {}), inCollection('Lead', {})]);
    expect([refused.status, ...codes(refused)]).toEqual([200, 'REQUIRED_FIELD_MISSING', 'REQUIRED_FIELD_MISSING']);
  });

  test('takes 200 records and no more', async () => {
    const leads = (count: number) => Array.from({ length: count }, () => inCollection('Lead', aLead()));
    expect(codes(await collection('POST', leads(200))).every((code) => code === 'ok')).toBe(true);
    expect(await collection('POST', leads(201))).toMatchObject({
      status: 400,
      body: [{ errorCode: 'EXCEEDED_ID_LIMIT' }],
    });
  });

  test('is refused as a whole for a field or an object that does not exist', async () => {
    expect(await collection('POST', [inCollection('Lead', aLead({ Nothing__c: 1 }))])).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALID_FIELD' }],
    });
    expect(await collection('POST', [inCollection('Nothing', {})])).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALID_TYPE' }],
    });
    expect(await collection('POST', 'x')).toMatchObject({ status: 400 });
  });

  test('with allOrNone does all or nothing', async () => {
    const lead = aLead();
    const refused = await collection('POST', [inCollection('Lead', lead), inCollection('Lead', {})], {
      allOrNone: true,
    });
    expect([refused.status, ...codes(refused)]).toEqual([
      200,
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'REQUIRED_FIELD_MISSING',
    ]);
    expect((await stand.org.query(`SELECT Id FROM Lead WHERE Email = '${lead.Email}'`)).body.totalSize).toBe(0);
  });

  test('changes and deletes by id', async () => {
    const made = await collection('POST', [inCollection('Lead', aLead()), inCollection('Lead', aLead())]);
    const [first, second] = made.body.map(({ id = '' }) => id);
    const changed = await collection('PATCH', [
      inCollection('Lead', { id: first, Title: '部長' }),
      inCollection('Lead', { id: '00QTs0zzzzzzzzz', Title: 'x' }),
      inCollection('Lead', { Title: 'x' }),
    ]);
    expect(codes(changed)).toEqual(['ok', 'INVALID_CROSS_REFERENCE_KEY', 'MISSING_ARGUMENT']);
    const path = `/composite/sobjects?ids=${first},${second},${first},003Ts0zzzzzzzzz&allOrNone=false`;
    const deleted = await stand.org.call<Result[]>('DELETE', path);
    expect(codes(deleted)).toEqual(['ok', 'ok', 'ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY']);
  });

  test('upserts by an external id and says which records are new', async () => {
    const path = '/Lead/Tsunagi_Id__c';
    const row = (key: string, more = {}) => inCollection('Lead', aLead({ Tsunagi_Id__c: key, ...more }));
    const first = await collection('PATCH', [row('u1'), row('u2', { Company: '' })], { path });
    expect(first.body).toMatchObject([{ success: true, created: true }, { success: false }]);
    const again = await collection(
      'PATCH',
      [row('u1'), row('u2'), row('u3'), row('u3'), inCollection('Lead', aLead())],
      { path },
    );
    expect(again.body[0]).toMatchObject({ id: first.body[0]?.id, success: true, created: false });
    expect(codes(again)).toEqual(['ok', 'ok', 'DUPLICATE_VALUE', 'DUPLICATE_VALUE', 'MISSING_ARGUMENT']);
  });

  test('reads by id, with null for what is missing', async () => {
    const { body: made } = await collection('POST', [inCollection('Contact', { LastName: 'x' })]);
    const read = await stand.org.call('POST', '/composite/sobjects/Contact', {
      ids: [made[0]?.id, '003Ts0zzzzzzzzz'],
      fields: ['Id', 'LastName', 'Owner.Name'],
    });
    expect(read.body).toMatchObject([{ Id: made[0]?.id, LastName: 'x', Owner: { Name: 'Tsunagi Integration' } }, null]);
  });
});

describe('a composite request', () => {
  const base = '/services/data/v63.0';
  type Sub = { referenceId: string; httpStatusCode: number; body: Record<string, unknown> & Record<string, unknown>[] };
  const composite = async (compositeRequest: unknown[], allOrNone = false) =>
    await stand.org.call<{ compositeResponse: Sub[] }>('POST', '/composite', { allOrNone, compositeRequest });
  const post = (type: string, referenceId: string, body: unknown) => ({
    method: 'POST',
    url: `${base}/sobjects/${type}`,
    referenceId,
    body,
  });

  test('lets a later request name what an earlier one answered', async () => {
    const { body } = await composite([
      post('Account', 'account', { Name: 'みらい' }),
      post('Contact', 'contact', { LastName: 'x', AccountId: '@{account.id}' }),
      {
        method: 'GET',
        url: `${base}/query?q=SELECT+Id,AccountId+FROM+Contact+WHERE+Id='@{contact.id}'`,
        referenceId: 'found',
      },
      {
        method: 'PATCH',
        url: `${base}/sobjects/Contact/@{found.records[0].Id}`,
        referenceId: 'changed',
        body: { Title: '@{contact.id}' },
      },
    ]);
    expect(body.compositeResponse.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 201, 200, 204]);
    expect(body.compositeResponse[2]?.body).toMatchObject({
      records: [{ AccountId: body.compositeResponse[0]?.body.id }],
    });
  });

  test('goes on after a failure, but for what depends on it', async () => {
    const { status, body } = await composite([
      post('Account', 'a', {}),
      post('Contact', 'b', { LastName: 'x', AccountId: '@{a.id}' }),
      post('Lead', 'c', aLead()),
    ]);
    expect(status).toBe(200);
    expect(body.compositeResponse.map(({ httpStatusCode }) => httpStatusCode)).toEqual([400, 400, 201]);
    expect(body.compositeResponse[1]?.body[0]).toMatchObject({ errorCode: 'PROCESSING_HALTED' });
  });

  test('with allOrNone is undone as a whole', async () => {
    const lead = aLead();
    const { body } = await composite([post('Lead', 'a', lead), post('Lead', 'b', {})], true);
    expect(body.compositeResponse.map(({ body: [error] }) => error?.errorCode)).toEqual([
      'PROCESSING_HALTED',
      'REQUIRED_FIELD_MISSING',
    ]);
    expect((await stand.org.query(`SELECT Id FROM Lead WHERE Email = '${lead.Email}'`)).body.totalSize).toBe(0);
  });

  test('takes 25 requests, and 5 queries or collections among them', async () => {
    const limits = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ method: 'GET', url: `${base}/limits`, referenceId: `r${index}` }));
    expect((await composite(limits(25))).status).toBe(200);
    expect((await composite(limits(26))).status).toBe(400);
    const query = (index: number) => ({
      method: 'GET',
      url: `${base}/query?q=SELECT+Id+FROM+User`,
      referenceId: `q${index}`,
    });
    expect((await composite([0, 1, 2, 3, 4].map(query))).status).toBe(200);
    expect((await composite([0, 1, 2, 3, 4, 5].map(query))).status).toBe(400);
  });
});
