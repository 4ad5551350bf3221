import { defineConfig } from 'vitest/config';
import { browserScriptsOfTests } from '../cdk/browser-script.ts';

const project = (name: string, include: string[], options: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include: include.map((path) => `test/${path}/**/*.test.ts`), ...options },
});

/** What Node has compiled, for all the processes that load the same packages. Coverage would be less exact with it. */
if (!process.argv.includes('--coverage'))
  process.env.NODE_COMPILE_CACHE ??= new URL('../dist/compiled', import.meta.url).pathname;

const wholeSystem = { testTimeout: 120_000, hookTimeout: 180_000 };
/** The stories again and again, under trouble from a seed. */
const faultRuns = 'test/e2e/*-faults.test.ts';

/** One project for each kind of test, so that `npm run check` can leave out the slow ones. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  plugins: [browserScriptsOfTests],
  test: {
    // As many as the smallest machine has cores: by itself vitest leaves one of them idle.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['lib/**', 'functions/**', 'events/**', 'cdk/**'],
      reporter: ['text-summary'],
      reportsDirectory: 'dist/coverage',
    },
    projects: [
      project('unit', ['unit'], { isolate: false }),
      project('functions', ['functions']),
      project('contract', ['contract'], { testTimeout: 30_000 }),
      // A worker keeps its templates from file to file: each synth costs seconds, and the files look at the same ones.
      project('stack', ['stack'], { testTimeout: 120_000, hookTimeout: 120_000, isolate: false }),
      project('integration', ['integration'], { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('browser', ['browser'], { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('e2e', ['e2e'], { ...wholeSystem, exclude: [faultRuns] }),
      // They wait for trouble to pass more than they work: three systems at once take little longer than one.
      project('faults', [], { ...wholeSystem, include: [faultRuns], maxWorkers: 3 }),
    ],
  },
});
