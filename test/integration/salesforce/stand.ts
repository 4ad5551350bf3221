import { startLocal } from '../../../cdk/local/local-system.ts';
import { salesforceOn } from '../../support/salesforce.ts';

/** The whole system with the Salesforce org of localhost, in memory. */
export async function startStand(options: { home?: string } = {}) {
  const local = await startLocal(options);
  return { ...salesforceOn(local), local, stop: () => local.stop() };
}
export type Stand = Awaited<ReturnType<typeof startStand>>;
