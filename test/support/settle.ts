type Reach = { readonly localUrl: string };

/** Lets everything come to its end: moves the clock past pauses, leases and visibility time-outs until nothing is pending. */
export async function settle({ localUrl }: Reach): Promise<void> {
  const post = (path: string, body: unknown) =>
    fetch(`${localUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  for (let round = 0; round < 40; round += 1) {
    const idle = await post('/idle', { timeoutMs: 1500 });
    if (idle.ok) return;
    await post('/clock', { advanceMs: 60_000 });
  }
  throw new Error(`not settled: ${await (await post('/idle', { timeoutMs: 100 })).text()}`);
}
