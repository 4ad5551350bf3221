import { builtAssembly, compileCacheOf } from '../../cdk/local/build.ts';
import { type LocalOptions, type LocalSystem, startLocal } from '../../cdk/local/local-system.ts';

/**
 * The whole product for one test file, in memory and on a free port. What is deployed is built once and shared: the first
 * file that needs it builds it, and those that start at the same time wait for the same build or take its result.
 */
export async function testLocal(options: LocalOptions = {}): Promise<LocalSystem> {
  const assembly = await builtAssembly();
  return startLocal({
    assembly,
    compileCache: compileCacheOf(assembly),
    report: (line) => process.stderr.write(`${line}\n`),
    ...options,
  });
}
