import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is there (anything but undefined or false), or fails after `withinMs` with what was waited for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  withinMs = 5000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > until) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await pause(20);
  }
}
