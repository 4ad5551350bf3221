/** Runs `run` for each item, at most `width` at a time, and keeps the order of the answers. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  run: (item: T, position: number) => Promise<R>,
): Promise<R[]> {
  const answers = new Array<R>(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const position = next;
      next += 1;
      answers[position] = await run(items[position] as T, position);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return answers;
}
