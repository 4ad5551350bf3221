import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundle } from '../../cdk/bundle.ts';
import { operations, workers } from '../../functions/operations.ts';

export type Bundle = { readonly id: string; readonly kilobytes: number; readonly importMs: number };

const rounds = 5;
const root = new URL('../..', import.meta.url).pathname;

/** Code that a start of the function reaches: its entry and the chunks that it imports statically, each once. */
function reached(outputs: Metafile['outputs'], entry: string): number {
  const seen = new Set<string>();
  const visit = (path: string): number => {
    const output = outputs[path];
    if (!output || seen.has(path)) return 0;
    seen.add(path);
    const imports = output.imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    return output.bytes + imports.reduce((sum, each) => sum + visit(each.path), 0);
  };
  return visit(entry);
}

const environment = {
  ...process.env,
  AWS_REGION: 'ap-northeast-1',
  TABLE_NAME: 'table',
  PORTAL_ID: '1',
  BUS_NAME: 'bus',
  MAIL_FROM: 'crm@example.co.jp',
};

function importOnce(file: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - t)); process.exit(0)`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: environment }));
}

/**
 * Milliseconds of `import()` of each file in a fresh process: the least of five rounds, in which the files take turns, so that what else
 * the machine does falls on all of them alike.
 */
function importTimes(files: readonly string[]): number[] {
  const best = files.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1) {
    for (const [position, file] of files.entries()) best[position] = Math.min(best[position] ?? 0, importOnce(file));
  }
  return best;
}

/** Size and import time of every function, and of a file that holds nothing but lib-dynamodb, to compare with. */
export async function measureBundles(): Promise<{ bundles: Bundle[]; libDynamodb: Bundle }> {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-bundle-'));
  const outDir = join(folder, 'functions');
  try {
    const { metafile: file } = await bundle({ outDir });
    const metafile = JSON.parse(readFileSync(file, 'utf8')) as Metafile;
    const entryOf = (id: string) =>
      Object.keys(metafile.outputs).find((path) =>
        metafile.outputs[path]?.entryPoint?.endsWith(`functions/${id}.ts`),
      ) ?? '';
    const ids = [...operations, ...workers].map(({ id }) => id);
    const alone = await libDynamodb(outDir);
    const [aloneMs = 0, ...times] = importTimes([alone.file, ...ids.map((id) => join(outDir, `${id}.mjs`))]);
    const bundles = ids.map((id, position) => ({
      id,
      kilobytes: reached(metafile.outputs, entryOf(id)) / 1024,
      importMs: times[position] ?? 0,
    }));
    return { bundles, libDynamodb: { id: 'lib-dynamodb alone', kilobytes: alone.bytes / 1024, importMs: aloneMs } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function libDynamodb(outDir: string): Promise<{ file: string; bytes: number }> {
  const contents = `
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    export const handler = [client, BatchGetCommand, GetCommand, QueryCommand, TransactWriteCommand];`;
  const outfile = join(outDir, 'lib-dynamodb.mjs');
  const result = await build({
    stdin: { contents, resolveDir: root },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    metafile: true,
  });
  const [output] = Object.values(result.metafile.outputs);
  return { file: outfile, bytes: output?.bytes ?? 0 };
}
