/** A subrequest names something that no earlier one answered. */
export class UnknownReference extends Error {
  constructor(reference: string) {
    super(
      `Invalid reference specified. No value for ${reference} found. Provided referenceId doesn't exist or its request failed.`,
    );
    this.name = 'UnknownReference';
  }
}

const reference = /@\{(\w+)((?:\.\w+|\[\d+\])*)\}/g;

/** Puts what earlier requests answered in the place of `@{name.path[0].field}`, at any depth. @throws UnknownReference */
export function referred(value: unknown, answered: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string')
    return value.replace(reference, (_, name: string, path: string) => String(found(answered, name, path)));
  if (Array.isArray(value)) return value.map((each) => referred(each, answered));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, referred(each, answered)]));
}

function found(answered: ReadonlyMap<string, unknown>, name: string, path: string): unknown {
  const keys = path.match(/\w+/g) ?? [];
  const value = keys.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    answered.get(name),
  );
  if (value === undefined || value === null) throw new UnknownReference(`${name}${path}`);
  return value;
}
