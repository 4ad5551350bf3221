type Entry = { readonly loadedAt: number; readonly value: Promise<unknown> };

/** Definitions change rarely and are read by every request: an instance asks the table again after this time. */
export const definitionsHeldMs = 5000;

const entries = new Map<string, Entry>();

const keyOf = (objectTypeId: string, kind: string) => `${objectTypeId}/${kind}`;

/** What was loaded for this type within the last seconds, or a new load. Requests that meet share one load. */
export function cached<T>(
  objectTypeId: string,
  kind: string,
  load: () => Promise<T>,
  { fresh = false } = {},
): Promise<T> {
  const key = keyOf(objectTypeId, kind);
  const known = entries.get(key);
  if (known && !fresh && performance.now() - known.loadedAt < definitionsHeldMs) return known.value as Promise<T>;
  const value = load();
  const entry = { loadedAt: performance.now(), value };
  entries.set(key, entry);
  value.catch(() => {
    if (entries.get(key) === entry) entries.delete(key);
  });
  return value;
}

/** Names that no definition had a moment ago. */
const unknownUntil = new Map<string, number>();

/**
 * Whether a name that the definitions at hand do not know is worth a new load: yes, for it may have been made a moment ago, but not
 * again within seconds. Labels that were deleted stay on pairs, and clients ask for properties that there are not with every request.
 */
export function isNews(objectTypeId: string, name: string | number): boolean {
  const key = keyOf(objectTypeId, String(name));
  if ((unknownUntil.get(key) ?? 0) > performance.now()) return false;
  if (unknownUntil.size > 5000) unknownUntil.clear();
  unknownUntil.set(key, performance.now() + definitionsHeldMs);
  return true;
}

/** Forgets what is held for a type (all kinds), or everything: the next read asks the table. A writer calls it after its write. */
export function forgetDefinitions(objectTypeId?: string): void {
  unknownUntil.clear();
  for (const key of entries.keys()) {
    if (!objectTypeId || key.startsWith(`${objectTypeId}/`)) entries.delete(key);
  }
}

/** Whether anything held for the type was loaded before this moment (`performance.now()`), so that it may be out of date. */
export const heldBefore = (objectTypeId: string, moment: number): boolean =>
  [...entries].some(([key, { loadedAt }]) => key.startsWith(`${objectTypeId}/`) && loadedAt < moment);
