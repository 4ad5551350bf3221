import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { tablesOf, toolClient } from '../lib/table/whole-table.ts';
import { type Verdict, verifyTable } from '../lib/verify/verify.ts';

const usage = `npm run verify -- [--home DIR] | --table NAME --portal N
  --home DIR    the system of localhost that runs on this folder (default .tsunagi)
  --table NAME  a table in the cloud, with your own credentials (dynamodb:Scan, GetItem, BatchGetItem, Query)
  --portal N    its portal id`;

const LocalAddresses = z.object({ localUrl: z.string(), dynamodbUrl: z.string(), portalId: z.number() });
const Clock = z.object({ offsetMs: z.number() });

/** Lines told of one check; the rest is a number. */
const shown = 20;

async function run(): Promise<Verdict> {
  const { values } = parseArgs({
    options: {
      home: { type: 'string', default: '.tsunagi' },
      table: { type: 'string' },
      portal: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || (values.table && !values.portal)) {
    console.log(usage);
    process.exit(values.help ? 0 : 1);
  }
  if (values.table) return verifyTable(toolClient(), values.table, Number(values.portal));
  const local = LocalAddresses.parse(JSON.parse(readFileSync(join(values.home, 'local.json'), 'utf8')));
  return verifyLocal(local);
}

/** Walks the table of a system of localhost, by its clock, which may have been moved. */
async function verifyLocal({ localUrl, dynamodbUrl, portalId }: z.output<typeof LocalAddresses>): Promise<Verdict> {
  const client = toolClient(dynamodbUrl);
  const [table] = await tablesOf(client);
  if (!table) throw new Error('There is no table');
  const { offsetMs: aheadMs } = Clock.parse(await (await fetch(`${localUrl}/clock`)).json());
  return verifyTable(client, table, portalId, { aheadMs });
}

function tell({ items, looked, problems }: Verdict): void {
  const kinds = Object.entries(looked)
    .filter(([entity]) => entity !== '')
    .toSorted(([, one], [, other]) => other - one)
    .map(([entity, count]) => `${count} ${entity}`);
  console.log(`${items} items: ${kinds.join(', ')}`);
  for (const { check, key, what } of problems.slice(0, shown)) console.log(`${check}: ${key}: ${what}`);
  if (problems.length > shown) console.log(`… and ${problems.length - shown} more`);
  console.log(problems.length === 0 ? 'Everything agrees.' : `${problems.length} things do not agree.`);
}

const verdict = await run();
tell(verdict);
process.exitCode = verdict.problems.length === 0 ? 0 : 1;
