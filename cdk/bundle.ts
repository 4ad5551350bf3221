import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type OutputFile } from 'esbuild';
import { operations, workers } from '../functions/operations.ts';
import { browserScripts } from './browser-script.ts';

export interface BundleOptions {
  /** Emptied first. It becomes the one asset of all functions. */
  readonly outDir: string;
  /** Rows to bundle; all of Tsunagi's by default. */
  readonly ids?: readonly string[];
}

export interface Bundled {
  readonly outDir: string;
  /**
   * esbuild's account of what went into which file, beside the asset: `<outDir>.meta.json`. It names outputs as
   * `dist/bundle/<id>.mjs` wherever they are.
   */
  readonly metafile: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where esbuild believes it writes. Hashes cover the paths in source maps, so they must not depend on the real folder. */
const nominal = 'dist/bundle';

/** Packages that are CommonJS call `require`, which an ES module has not. */
const banner = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/**
 * Bundles every function with one esbuild call: `functions/<id>.ts` becomes `<outDir>/<id>.mjs`, and what functions share
 * is in chunks beside them. The same sources give the same bytes, so that a deploy without changes changes nothing.
 */
export async function bundle({ outDir, ids = every }: BundleOptions): Promise<Bundled> {
  const out = resolve(outDir);
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ids.map((id) => ({ in: `functions/${id}.ts`, out: id })),
    outdir: nominal,
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
    plugins: [browserScripts],
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  checkHandlers(metafile, ids);
  write(outputFiles, out);
  const account = `${out}.meta.json`;
  writeFileSync(account, JSON.stringify(metafile));
  return { outDir: out, metafile: account };
}

const every = [...operations, ...workers].map(({ id }) => id);

/** A file without a handler would fail at its first call; it fails here. */
function checkHandlers(metafile: Metafile, ids: readonly string[]): void {
  const without = ids.filter((id) => !metafile.outputs[`${nominal}/${id}.mjs`]?.exports.includes('handler'));
  if (without.length === 0) return;
  throw new Error(`No export named handler in ${without.map((id) => `functions/${id}.ts`).join(', ')}`);
}

/** Source maps go beside the asset, not into it. As bundles are reproducible, those of any commit can be made again. */
function write(files: readonly OutputFile[], out: string): void {
  const maps = `${out}.maps`;
  for (const folder of [out, maps]) rmSync(folder, { recursive: true, force: true });
  for (const { path, contents } of files) {
    const target = join(path.endsWith('.map') ? maps : out, relative(join(root, nominal), path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  }
}

if (import.meta.main) {
  const { outDir } = await bundle({ outDir: process.argv[2] ?? join(root, nominal) });
  console.log(`Bundled ${every.length} functions into ${relative(root, outDir)}`);
}
