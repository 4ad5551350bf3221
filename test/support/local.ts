import { type LocalOptions, type LocalSystem, startLocal } from '../../cdk/local/local-system.ts';

/** The whole system in memory, on a free port, for one test file. */
export const testLocal = (options: LocalOptions = {}): Promise<LocalSystem> => startLocal(options);
