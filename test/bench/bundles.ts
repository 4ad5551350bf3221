import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundle } from '../../cdk/bundle.ts';
import { operations, workers } from '../../functions/operations.ts';

export type Bundle = { readonly id: string; readonly kilobytes: number; readonly importMs: number };

const rounds = 3;
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

/** Median milliseconds of `import()` of a file in a fresh process. */
function importTime(file: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - t)); process.exit(0)`;
  const times = Array.from({ length: rounds }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: environment })),
  );
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
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
    const bundles = [...operations, ...workers].map(({ id }) => ({
      id,
      kilobytes: reached(metafile.outputs, entryOf(id)) / 1024,
      importMs: importTime(join(outDir, `${id}.mjs`)),
    }));
    return { bundles, libDynamodb: await libDynamodb(outDir) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function libDynamodb(outDir: string): Promise<Bundle> {
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
  return { id: 'lib-dynamodb alone', kilobytes: (output?.bytes ?? 0) / 1024, importMs: importTime(outfile) };
}
