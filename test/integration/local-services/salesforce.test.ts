import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalSystem, startLocal } from '../../../cdk/local/local-system.ts';
import { OrgClient } from '../../support/salesforce-org.ts';
import { tinyStack } from '../local/tiny-stack.ts';

let local: LocalSystem;
let org: OrgClient;
beforeAll(async () => {
  local = await startLocal({ stacks: [await tinyStack()] });
  org = new OrgClient(local);
  await org.login();
});
afterAll(() => local.stop());

test('a client logs in, writes in collections and reads back by SOQL', async () => {
  const record = (email: string) => ({ attributes: { type: 'Lead' }, LastName: '田中', Company: '会社', Email: email });
  const made = await org.call<Record<string, unknown>[]>('POST', '/composite/sobjects', {
    records: [record('Tanaka@Example.co.jp'), { attributes: { type: 'Lead' }, LastName: 'x' }],
  });
  expect(made).toMatchObject({
    status: 200,
    body: [{ success: true }, { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] }],
  });
  const found = await org.query("SELECT Id, Email, Owner.Name FROM Lead WHERE Email = 'tanaka@EXAMPLE.co.jp'");
  expect(found.body).toMatchObject({
    totalSize: 1,
    done: true,
    records: [{ Email: 'tanaka@example.co.jp', Owner: { Name: 'Tsunagi Integration' } }],
  });
  const page = await fetch(`${org.url}`, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('OpportunityContactRole');
});
