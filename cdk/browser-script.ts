import { resolve } from 'node:path';
import { buildSync, type Plugin } from 'esbuild';

/** How code that runs in the visitor's browser is imported: `import script from './embed.ts?browser'` is its text, bundled. */
const suffix = /\?browser$/;

/** The script as browsers of the last five years run it: one file, no module, nothing but what the entry reaches. */
function browserScript(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/** For the bundle of all functions. */
export const browserScripts: Plugin = {
  name: 'browser-scripts',
  setup(build) {
    build.onResolve({ filter: suffix }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(suffix, '')),
      namespace: 'browser-script',
    }));
    build.onLoad({ filter: /./, namespace: 'browser-script' }, ({ path }) => ({
      contents: browserScript(path),
      loader: 'text',
    }));
  },
};

/** For tests, which run the sources. */
export const browserScriptsOfTests = {
  name: 'browser-scripts',
  enforce: 'pre' as const,
  load: (id: string) =>
    suffix.test(id) ? `export default ${JSON.stringify(browserScript(id.replace(suffix, '')))};` : undefined,
};
