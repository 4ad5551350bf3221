import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { operations, workers } from '../functions/operations.ts';

export interface BundleOptions {
  /** Emptied first. It becomes the one asset of all functions. */
  readonly outDir: string;
  /** Rows to bundle; all of Tsunagi's by default. */
  readonly ids?: readonly string[];
}

export interface Bundled {
  readonly outDir: string;
  /** esbuild's account of what went into which file, beside the asset: `<outDir>.meta.json`. */
  readonly metafile: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages that are CommonJS call `require`, which an ES module has not. */
const banner = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/**
 * Bundles every function with one esbuild call: `functions/<id>.ts` becomes `<outDir>/<id>.mjs`, and what functions share
 * is in chunks beside them. The same sources give the same bytes, so that a deploy without changes changes nothing.
 */
export async function bundle({
  outDir,
  ids = [...operations, ...workers].map(({ id }) => id),
}: BundleOptions): Promise<Bundled> {
  const out = resolve(outDir);
  rmSync(out, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ids.map((id) => ({ in: `functions/${id}.ts`, out: id })),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    banner: { js: banner },
    metafile: true,
    logLevel: 'warning',
  });
  checkHandlers(metafile, out, ids);
  const metafilePath = `${out}.meta.json`;
  mkdirSync(dirname(metafilePath), { recursive: true });
  writeFileSync(metafilePath, JSON.stringify(metafile));
  return { outDir: out, metafile: metafilePath };
}

/** A file without a handler would fail at its first call; it fails here. */
function checkHandlers(metafile: Metafile, out: string, ids: readonly string[]): void {
  const without = ids.filter((id) => {
    const output = metafile.outputs[relative(root, join(out, `${id}.mjs`))];
    return !output?.exports.includes('handler');
  });
  if (without.length > 0)
    throw new Error(`No export named handler in ${without.map((id) => `functions/${id}.ts`).join(', ')}`);
}

if (import.meta.main) {
  const { outDir } = await bundle({ outDir: process.argv[2] ?? join(root, 'dist/bundle') });
  console.log(`Bundled ${operations.length + workers.length} functions into ${relative(root, outDir)}`);
}
