/** Where the local system answers, and the token that may do everything. */
export type Reach = {
  readonly apiUrl: string;
  readonly publicUrl: string;
  readonly localUrl: string;
  readonly accessToken: string;
  readonly portalId: number;
};

export type Row = { readonly id: string; readonly properties: Readonly<Record<string, string>> };
type Created = { readonly id: string; readonly properties: Readonly<Record<string, string | null>> };

const inputsPerCall = 100;

/** The calls that the demo data needs, over HTTP as any client makes them. */
export class DemoClient {
  private readonly reach: Reach;

  constructor(reach: Reach) {
    this.reach = reach;
  }

  /** @throws when the answer is an error that is not expected. */
  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    { expected = [] as readonly number[] } = {},
  ): Promise<T | undefined> {
    const response = await fetch(`${this.reach.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.reach.accessToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (expected.includes(response.status)) return undefined;
    if (!response.ok) throw new Error(`Loading the demo data: ${method} ${path} answered ${response.status}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.call<T>('GET', path)) as T;
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return (await this.call<T>('POST', path, body)) as T;
  }

  /** Creates or changes records by a unique property; returns the id of each by its value. */
  async upsert(objectType: string, idProperty: string, rows: readonly Row[]): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for (let start = 0; start < rows.length; start += inputsPerCall) {
      const inputs = rows
        .slice(start, start + inputsPerCall)
        .map(({ id, properties }) => ({ id, idProperty, properties }));
      const { results } = await this.post<{ results: Created[] }>(`/crm/v3/objects/${objectType}/batch/upsert`, {
        inputs,
      });
      for (const { id, properties } of results) ids.set(properties[idProperty] ?? '', id);
    }
    return ids;
  }

  /** Associates pairs of records in the ordinary way. */
  async associate(
    from: string,
    to: string,
    pairs: readonly (readonly [from: string | undefined, to: string | undefined])[],
  ): Promise<void> {
    const inputs = pairs.flatMap(([left, right]) => (left && right ? [{ from: { id: left }, to: { id: right } }] : []));
    if (inputs.length > 0) await this.post(`/crm/v4/associations/${from}/${to}/batch/associate/default`, { inputs });
  }
}
