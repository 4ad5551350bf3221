import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { callOutside, type OutgoingRequest } from '../outgoing/request.ts';
import { verdictOf } from './answer.ts';
import type { Credentials } from './schema.ts';
import { inUrl } from './soql.ts';
import { sessionOf, type Token } from './token.ts';
import { SalesforceTrouble } from './trouble.ts';

const version = 'v63.0';
const api = `/services/data/${version}`;
const usualTimeoutMs = 15_000;
/** A page of 2,000 rows has a few megabytes. */
const bodyLimit = 32 * 1024 * 1024;
const tries = 3;
const firstPauseMs = 200;

/** A row of a query. Names are those of the query; nested rows are relationships. */
export const Row = z.looseObject({ Id: z.string() });
export type Row = z.output<typeof Row>;

const QueryPage = z.object({
  done: z.boolean(),
  nextRecordsUrl: z.optional(z.string()),
  records: z.array(Row),
});

const RowResult = z.object({
  id: z.optional(z.nullable(z.string())),
  success: z.boolean(),
  created: z.optional(z.boolean()),
  errors: z._default(
    z.array(
      z.looseObject({
        statusCode: z.string(),
        message: z._default(z.string(), ''),
        fields: z._default(z.array(z.string()), []),
      }),
    ),
    [],
  ),
});
export type RowResult = z.output<typeof RowResult>;

const Field = z.looseObject({
  name: z.string(),
  type: z.string(),
  externalId: z._default(z.boolean(), false),
  updateable: z._default(z.boolean(), true),
});
export type Field = z.output<typeof Field>;

export type ClientOptions = {
  readonly instanceUrl: string;
  readonly credentials: Credentials;
  readonly timeoutMs?: number;
  /** Before each call that goes out: a run keeps its lease and counts. */
  readonly onCall?: () => Promise<void>;
};

/** The few calls of Salesforce's REST API that the sync makes. All of them may be repeated. @throws SalesforceTrouble */
export class SalesforceClient {
  private readonly options: ClientOptions;
  private token: Token | undefined;
  /** Calls made, refused and repeated ones included. */
  calls = 0;
  /** The org's own count of today's calls, as its last answer told it. */
  usage: { readonly used: number; readonly most: number } | undefined;
  /** By how much Salesforce's clock is ahead of ours. */
  clockOffsetMs = 0;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** The org that lets us in. */
  async organizationId(): Promise<string> {
    return (await this.session()).organizationId;
  }

  /** Salesforce's clock, and the day's calls: the first call of a run. */
  async limits(): Promise<void> {
    await this.call('GET', `${api}/limits`);
  }

  async describe(sobject: string): Promise<Field[]> {
    const answer = await this.call('GET', `${api}/sobjects/${sobject}/describe`);
    return z.object({ fields: z.array(Field) }).parse(answer).fields;
  }

  /** All rows, page after page to the end; `deleted` brings those in the bin too. */
  async *pages(soql: string, { deleted = false } = {}): AsyncGenerator<Row[]> {
    let path = `${api}/${deleted ? 'queryAll' : 'query'}?q=${inUrl(soql)}`;
    for (;;) {
      const { records, done, nextRecordsUrl } = QueryPage.parse(await this.call('GET', path));
      yield records;
      if (done) return;
      if (!nextRecordsUrl)
        throw new SalesforceTrouble('UNAVAILABLE', 'NO_NEXT_PAGE', 'a page that is not the last has no next one');
      path = nextRecordsUrl;
    }
  }

  async query(soql: string, options: { deleted?: boolean } = {}): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const page of this.pages(soql, options)) rows.push(...page);
    return rows;
  }

  /** Up to 2,000 rows by id, in that order; undefined for those that are not there. */
  async retrieve(sobject: string, ids: readonly string[], fields: readonly string[]): Promise<(Row | undefined)[]> {
    if (ids.length === 0) return [];
    const answer = await this.call('POST', `${api}/composite/sobjects/${sobject}`, { ids, fields });
    const rows = z.array(z.nullable(Row)).parse(answer);
    return inOrder(ids, rows).map((row) => row ?? undefined);
  }

  /** Makes or changes up to 200 records by an external id; each row has its own result, in order. */
  async upsert(sobject: string, field: string, records: readonly Record<string, unknown>[]): Promise<RowResult[]> {
    const answer = await this.call('PATCH', `${api}/composite/sobjects/${sobject}/${field}`, rowsOf(sobject, records));
    return inOrder(records, z.array(RowResult).parse(answer));
  }

  /** Changes up to 200 records by id; each row has its own result, in order. */
  async update(sobject: string, records: readonly Record<string, unknown>[]): Promise<RowResult[]> {
    const body = rowsOf(sobject, records);
    // An assignment rule gives new leads to their owners; it must not take people away from theirs.
    const answer = await this.call('PATCH', `${api}/composite/sobjects`, body, { 'sforce-auto-assign': 'FALSE' });
    return inOrder(records, z.array(RowResult).parse(answer));
  }

  private async call(method: OutgoingRequest['method'], path: string, body?: unknown, headers = {}): Promise<unknown> {
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const token = await this.session();
      const result = await this.exchange(token, {
        method,
        url: `${this.options.instanceUrl.replace(/\/$/, '')}${path}`,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const verdict = verdictOf(result);
      if (verdict.kind === 'ok') return verdict.body;
      if (verdict.kind === 'expired') {
        if (renewed) throw new SalesforceTrouble('SIGN_IN', 'INVALID_SESSION_ID', 'a new session is refused');
        renewed = true;
        await this.session(token);
      } else if (verdict.kind === 'trouble' || attempt >= tries) throw verdict.trouble;
      else await pause(Math.random() * firstPauseMs * 2 ** attempt);
    }
  }

  private async exchange(token: Token, request: OutgoingRequest) {
    await this.options.onCall?.();
    this.calls += 1;
    const headers = {
      authorization: `Bearer ${token.secret}`,
      accept: 'application/json',
      'sforce-duplicate-rule-header': 'allowSave=true',
      ...request.headers,
    };
    const { timeoutMs = usualTimeoutMs } = this.options;
    const result = await callOutside({ ...request, headers }, { timeoutMs, bodyLimit });
    if (result.kind === 'answer') this.learn(result.headers);
    return result;
  }

  private learn(headers: Readonly<Record<string, string | string[] | undefined>>): void {
    const [, used, most] = /api-usage=(\d+)\/(\d+)/.exec(String(headers['sforce-limit-info'] ?? '')) ?? [];
    if (used && most) this.usage = { used: Number(used), most: Number(most) };
    const serverMs = Date.parse(String(headers.date ?? ''));
    if (Number.isFinite(serverMs)) this.clockOffsetMs = serverMs - Date.now();
  }

  private async session(expired?: Token): Promise<Token> {
    const { instanceUrl, credentials } = this.options;
    if (!this.token || this.token === expired) {
      const onCall = () => {
        this.calls += 1;
      };
      this.token = await sessionOf(instanceUrl, credentials, onCall, expired);
    }
    return this.token;
  }
}

const rowsOf = (type: string, records: readonly Record<string, unknown>[]) => ({
  allOrNone: false,
  records: records.map((record) => ({ attributes: { type }, ...record })),
});

/** Results come in the order of the request; another number of them says nothing about any row. */
function inOrder<T>(asked: readonly unknown[], results: T[]): T[] {
  if (results.length !== asked.length)
    throw new SalesforceTrouble('UNAVAILABLE', 'ROWS_MISSING', `${results.length} results for ${asked.length} rows`);
  return results;
}
