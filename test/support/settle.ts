type Reach = { readonly localUrl: string };

const mostMoves = 60;
/** A call that takes longer is waiting for the clock itself. */
const looksAtWork = 7;

/**
 * Lets everything come to its end: moves the clock past pauses, leases and visibility time-outs until nothing is pending. While a function
 * is at work the clock waits for it, for a while: to a worker, a jump looks like its own death.
 */
export async function settle({ localUrl }: Reach): Promise<void> {
  const post = (path: string, body: unknown) =>
    fetch(`${localUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  let left: unknown;
  for (let moves = 0; moves < mostMoves; moves += 1) {
    for (let looks = 0; looks < looksAtWork; looks += 1) {
      const idle = await post('/idle', { timeoutMs: 200 });
      if (idle.ok) return;
      const state = (await idle.json()) as { readonly invocations: number };
      left = state;
      if (state.invocations === 0) break;
    }
    await post('/clock', { advanceMs: 60_000 });
  }
  throw new Error(`not settled: ${JSON.stringify(left)}`);
}
