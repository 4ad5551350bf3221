import { type LocalOptions, type LocalSystem, startLocal } from '../../cdk/local/local-system.ts';

/**
 * The whole product for one test file, in memory and on a free port. What is deployed is built once: the first file that
 * needs it builds it, and those that start at the same time wait for it.
 */
export const testLocal = (options: LocalOptions = {}): Promise<LocalSystem> =>
  startLocal({ report: (line) => process.stderr.write(`${line}\n`), ...options });
