/** Who called what how often. */
export type CallReport = {
  /** Function → `service:Action` → calls. */
  readonly functions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Function → items that it asked to write, those of a transaction one by one. */
  readonly written: Readonly<Record<string, number>>;
  readonly denied: readonly {
    readonly function: string;
    readonly action: string;
    readonly resource: string;
    readonly count: number;
  }[];
};

/** Counts the AWS calls of functions, denied ones apart. */
export class CallCounts {
  private readonly made = new Map<string, Map<string, number>>();
  private readonly written = new Map<string, number>();
  private readonly refused = new Map<string, { function: string; action: string; resource: string; count: number }>();

  count(functionId: string, action: string): void {
    const actions = this.made.get(functionId) ?? new Map<string, number>();
    this.made.set(functionId, actions);
    actions.set(action, (actions.get(action) ?? 0) + 1);
  }

  countWritten(functionId: string, items: number): void {
    if (items > 0) this.written.set(functionId, (this.written.get(functionId) ?? 0) + items);
  }

  countDenied(functionId: string, action: string, resource: string): void {
    const key = `${functionId} ${action} ${resource}`;
    const known = this.refused.get(key) ?? { function: functionId, action, resource, count: 0 };
    known.count += 1;
    this.refused.set(key, known);
  }

  report(): CallReport {
    const functions = [...this.made]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([id, actions]) => [id, Object.fromEntries([...actions].sort())] as const);
    return {
      functions: Object.fromEntries(functions),
      written: Object.fromEntries([...this.written].sort(([a], [b]) => a.localeCompare(b))),
      denied: [...this.refused.values()],
    };
  }

  clear(): void {
    this.made.clear();
    this.written.clear();
    this.refused.clear();
  }
}
