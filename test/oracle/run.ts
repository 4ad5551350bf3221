import { DynamoEngine } from '../../cdk/local/dynamodb/engine.ts';
import { startDynamoServer } from '../../cdk/local/dynamodb/server.ts';
import { cases, createTables } from '../integration/dynamodb/cases.ts';
import { type Call, dynamoCaller } from '../support/dynamodb-client.ts';
import { hasJava, startLocalInstance } from './local-instance.ts';
import { normalise } from './normalise.ts';
import { type Operation, Operations } from './operations.ts';

/** Compares the embedded engine with Amazon's DynamoDB Local, answer by answer. */

const LANES = 8;
const RANDOM_OPERATIONS = Number(process.env.ORACLE_OPERATIONS ?? 10_000);
const SEED = Number(process.env.ORACLE_SEED ?? 1);
const SHOWN = 40;

type Difference = { readonly what: string; readonly engine: string; readonly local: string };
type Both = { readonly engine: Call; readonly local: Call };

function recorded(call: Call, answers: string[]): Call {
  return async (action, body) => {
    const answer = await call(action, body);
    answers.push(normalise(answer, body));
    return answer;
  };
}

/** Runs each fixed case on both sides and compares every answer that it got on the way. */
async function compareCases(both: Both, differences: Difference[]): Promise<number> {
  let compared = 0;
  for (const { name, run, localDiffers } of cases) {
    if (localDiffers !== undefined) continue;
    const engine: string[] = [];
    const local: string[] = [];
    await Promise.all([run(recorded(both.engine, engine)), run(recorded(both.local, local))]);
    compared += 1;
    const at = engine.findIndex((answer, index) => answer !== local[index]);
    if (at >= 0) differences.push({ what: name, engine: engine[at] ?? '', local: local[at] ?? '' });
  }
  return compared;
}

async function compareLane(both: Both, lane: number, count: number, differences: Difference[]): Promise<void> {
  const operations = new Operations(SEED * 1000 + lane, `lane-${lane}-`);
  for (let index = 0; index < count; index += 1) {
    const operation = operations.next();
    await compareOperation(both, operation, differences);
  }
}

async function compareOperation(
  { engine, local }: Both,
  { action, body }: Operation,
  differences: Difference[],
): Promise<void> {
  const [ours, theirs] = (await Promise.all([engine(action, body), local(action, body)])).map((answer) =>
    normalise(answer, body),
  );
  if (ours !== theirs) {
    differences.push({ what: `${action} ${JSON.stringify(body)}`, engine: ours ?? '', local: theirs ?? '' });
  }
}

function report(fixed: number, differences: readonly Difference[]): void {
  const left = cases.length - fixed;
  console.log(
    `${fixed} fixed cases (${left} more left out, where DynamoDB Local is known to differ from AWS) and ${RANDOM_OPERATIONS} random operations of seed ${SEED} compared: ${differences.length} differences`,
  );
  for (const { what, engine, local } of differences.slice(0, SHOWN)) {
    console.log(`\n${what}\n  engine: ${engine}\n  local:  ${local}`);
  }
}

async function main(): Promise<void> {
  if (!hasJava()) {
    console.log('The oracle was left out: it needs Java 17 to run DynamoDB Local.');
    return;
  }
  const instance = await startLocalInstance();
  const engine = new DynamoEngine({ file: ':memory:' });
  const server = await startDynamoServer(engine);
  const callers = [dynamoCaller(server.url), dynamoCaller(instance.url)] as const;
  try {
    const both = { engine: callers[0].call, local: callers[1].call };
    const differences: Difference[] = [];
    await Promise.all([createTables(both.engine), createTables(both.local)]);
    const fixed = await compareCases(both, differences);
    const lanes = Array.from({ length: LANES }, (_, lane) => lane);
    await Promise.all(lanes.map((lane) => compareLane(both, lane, Math.ceil(RANDOM_OPERATIONS / LANES), differences)));
    report(fixed, differences);
    process.exitCode = differences.length > 0 ? 1 : 0;
  } finally {
    for (const caller of callers) caller.close();
    await server.close();
    engine.close();
    await instance.stop();
  }
}

await main();
