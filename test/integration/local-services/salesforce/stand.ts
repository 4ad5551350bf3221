import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type LocalOptions, type LocalSystem, startLocal } from '../../../../cdk/local/local-system.ts';
import { OrgClient } from '../../../support/salesforce-org.ts';
import { tinyStack } from '../../local/tiny-stack.ts';

/** A local system with its org and a client that has logged in; trouble of one test is over before the next. */
export function orgStand(options: LocalOptions = {}): { readonly org: OrgClient; readonly local: LocalSystem } {
  const stand = {} as { org: OrgClient; local: LocalSystem };
  beforeAll(async () => {
    stand.local = await startLocal({ stacks: [await tinyStack()], ...options });
    stand.org = new OrgClient(stand.local);
  });
  beforeEach(async () => {
    await stand.org.admin('DELETE', '/trouble');
    await fetch(`${stand.local.localUrl}/faults`, { method: 'DELETE' });
    await stand.org.login();
  });
  afterAll(() => stand.local.stop());
  return stand;
}

let made = 0;

/** A lead with an address of its own. */
export const aLead = (more: Record<string, unknown> = {}): Record<string, unknown> => {
  made += 1;
  return { LastName: `田中${made}`, Company: '株式会社みらい', Email: `lead${made}@example.co.jp`, ...more };
};

export const inCollection = (type: string, record: Record<string, unknown>) => ({ attributes: { type }, ...record });
