/** Something that knows how much of its work is unfinished. */
export type Busy = { pending(): number };

/**
 * Resolves when nothing is pending anywhere. Work is handed on inside transactions (an event becomes a message before
 * it stops being an event), so a single look at zero is proof enough and no quiet period is waited out.
 */
export async function settled(parts: readonly Busy[], timeoutMs = 60_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (parts.some((part) => part.pending() > 0)) {
    if (performance.now() > deadline) {
      throw new Error(`Still busy after ${timeoutMs} ms: ${parts.map((part) => part.pending()).join(', ')} pending.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
