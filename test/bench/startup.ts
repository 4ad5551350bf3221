import { rmSync } from 'node:fs';
import { removeHome, scratchHome, startSystem } from './system.ts';

/** Seconds until the system answers: with nothing built, with everything built in an empty home, and again in the same home. */
export async function measureStart() {
  rmSync(new URL('../../dist/local', import.meta.url).pathname, { recursive: true, force: true });
  const home = scratchHome();
  try {
    const first = await startSystem(home);
    await first.stop();
    const again = await startSystem(home);
    await again.stop('SIGKILL');
    const afterKill = await startSystem(home);
    await afterKill.stop();
    return { firstSeconds: first.seconds, againSeconds: again.seconds, afterKillSeconds: afterKill.seconds };
  } finally {
    removeHome(home);
  }
}
