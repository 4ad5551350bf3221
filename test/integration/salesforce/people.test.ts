import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stand, startStand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
  expect((await stand.connect()).status).toBe(200);
  await stand.sync();
});
afterAll(() => stand?.stop());

test('a contact of ours becomes a lead, once, and our id stands on it', async () => {
  const id = await stand.create({ email: 'Ichiro@Example.co.jp', lastname: '鈴木', firstname: '一郎', company: '鈴木商店' });
  expect(await stand.sync()).toMatchObject({ status: 'COMPLETED', pushed: 1, errors: 0 });
  const leads = await stand.sf.where('Lead', "Email = 'ichiro@example.co.jp'");
  expect(leads).toMatchObject([
    { LastName: '鈴木', FirstName: '一郎', Company: '鈴木商店', Tsunagi_Id__c: id },
  ]);
  expect(await stand.sync()).toMatchObject({ pushed: 0, pulled: 0 });
  expect(await stand.sf.where('Lead', "Email = 'ichiro@example.co.jp'")).toHaveLength(1);
});
