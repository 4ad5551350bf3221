import type { Call } from '../../support/dynamodb-client.ts';
import { type Case, tables } from './case.ts';
import { capacityCases } from './cases/capacity.ts';
import { conditionCases } from './cases/conditions.ts';
import { itemCases } from './cases/items.ts';
import { queryCases } from './cases/queries.ts';
import { severalCases } from './cases/several.ts';
import { updateCases } from './cases/updates.ts';

/** Every fixed case, in the order in which an endpoint is asked. */
export const cases: readonly Case[] = [
  ...conditionCases,
  ...updateCases,
  ...itemCases,
  ...queryCases,
  ...severalCases,
  ...capacityCases,
];

/** Creates the tables that the cases use. */
export async function createTables(call: Call): Promise<void> {
  for (const table of tables) {
    const answer = await call('CreateTable', table);
    if ('error' in answer) throw new Error(`${answer.error}: ${answer.message}`);
  }
}
