import type { App } from '../../lib/core/app.ts';
import type { JobKind } from '../../lib/jobs/kind.ts';
import { jobKinds } from '../../lib/jobs/kinds.ts';

/** An app whose process dies at its commit number `commits + 1`: before it, or after it when `after` is set, so that its answer is lost. */
function dying(app: App, commits: number, after: boolean): App {
  let left = commits;
  const table = new Proxy(app.table, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        if (name === 'commit') left -= 1;
        const dies = name === 'commit' && left < 0;
        if (dies && !after) throw new Error('The process died');
        const answer: unknown = await value.apply(target, given);
        if (dies) throw new Error('The process died');
        return answer;
      };
    },
  });
  return { ...app, table };
}

/** The kinds of jobs, each slice of which dies after some commits, half of them with the commit made. */
export const dyingKinds = (commits: number, after: boolean): JobKind[] =>
  jobKinds.map((kind) => ({ ...kind, run: (app, job) => kind.run(dying(app, commits, after), job) }));
