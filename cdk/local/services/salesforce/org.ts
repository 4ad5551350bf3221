import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../model.ts';
import type { Faults } from '../faults.ts';
import type { Store } from '../store.ts';
import { ApiError } from './api-error.ts';
import { Calls } from './calls.ts';
import { ManualWork } from './manual-work.ts';
import { moment } from './moment.ts';
import { objectNamed } from './objects.ts';
import { Queries } from './queries.ts';
import { Records, type Stored } from './records.ts';
import { allowsDuplicates, type Engine, type RestAnswer } from './rest.ts';
import { type Match, matchRoute, runRoute } from './router.ts';
import { seedUsers } from './seed.ts';
import { grantedUser, Sessions, TokenError } from './sessions.ts';
import { OrgSettings } from './settings.ts';
import { Trouble } from './trouble.ts';
import { type Author, Writes } from './writes.ts';

/** One HTTP request to the org. */
export type OrgRequest = {
  readonly method: string;
  /** What follows the instance URL, path and query, still encoded. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Where the org is reached, without a slash at the end. */
  readonly instanceUrl: string;
};

type Wire = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** An answer, an answer whose connection breaks in the middle, or a connection that breaks at once. */
export type OrgAnswer = Wire | { readonly cut: Wire } | 'disconnect';

const longestUrl = 16 * 1024;
const tokenPath = '/services/oauth2/token';
const jsonType = 'application/json;charset=UTF-8';

/** A Salesforce org for localhost: its REST API over records in the local services' file. */
export class SalesforceOrg {
  readonly settings: OrgSettings;
  readonly records: Records;
  readonly writes: Writes;
  readonly calls: Calls;
  readonly trouble = new Trouble();
  readonly manual: ManualWork;
  readonly #clock: Clock;
  readonly #faults: Faults;
  readonly #sessions: Sessions;
  readonly #engine: Engine;

  constructor({ store, clock, faults }: { store: Store; clock: Clock; faults: Faults }) {
    this.#clock = clock;
    this.#faults = faults;
    this.settings = new OrgSettings(store);
    this.records = new Records(store);
    this.writes = new Writes(store, this.records);
    this.calls = new Calls(store);
    this.#sessions = new Sessions(store);
    const { settings, records, writes, calls } = this;
    this.#engine = { store, settings, records, writes, calls, queries: new Queries(store, records) };
    this.manual = new ManualWork({ store, records, writes });
    store.transaction(() => seedUsers(records, moment(this.now())));
  }

  /** The org's clock: ours, and what it is set to be ahead. */
  now(): number {
    return this.#clock.now() + this.settings.current.clockSkewMs;
  }

  /**
   * Somebody who works in the org by hand: no trouble and no rule against duplicates stops them. In Salesforce a write may be seen
   * seconds after its stamp; `agoMs` makes such a one.
   */
  person(username: string, agoMs: number): Author | undefined {
    const user = this.#userNamed(username);
    return (
      user && {
        userId: String(user.fields.Id),
        now: moment(this.now() - agoMs),
        duplicateRule: 'off',
        allowDuplicates: true,
        refuse: () => undefined,
      }
    );
  }

  async serve(request: OrgRequest): Promise<OrgAnswer> {
    if (request.url.length > longestUrl) return uriTooLong;
    if (this.trouble.strikes('DOWN')) return maintenance;
    const path = request.url.split('?')[0] ?? '';
    const answer = path === tokenPath ? await this.#token(request) : await this.#data(path, request);
    if (answer === 'disconnect' || 'cut' in answer) return answer;
    const headers = { date: new Date(this.now()).toUTCString(), ...answer.headers };
    return this.#cutIf(path !== tokenPath && this.trouble.strikes('CUT_BODY'), { ...answer, headers });
  }

  #cutIf(cut: boolean, answer: Wire): OrgAnswer {
    return cut ? { cut: answer } : answer;
  }

  async #token({ headers, body, instanceUrl, method }: OrgRequest): Promise<OrgAnswer> {
    const now = this.now();
    if (method !== 'POST')
      return wire({ status: 405, body: { error: 'invalid_request', error_description: 'must use HTTP POST' } });
    this.calls.add('token', now);
    return await this.#struck('token', async () => {
      try {
        const user = await grantedUser({
          form: new URLSearchParams(body.toString('utf8')),
          ...(headers.authorization && { authorization: headers.authorization }),
          instanceUrl,
          now,
          publicKeys: this.settings.current.publicKeys,
          userNamed: (username) => this.#userNamed(username),
        });
        const access_token = this.#sessions.open(user, now, this.settings.current.sessionSeconds);
        const id = `${instanceUrl}/id/00D5g000004TsunEAC/${user.fields.Id}`;
        return wire({
          status: 200,
          body: { access_token, scope: 'api', instance_url: instanceUrl, id, token_type: 'Bearer' },
        });
      } catch (error) {
        if (error instanceof TokenError) return wire({ status: 400, body: error.toBody() });
        throw error;
      }
    });
  }

  async #data(path: string, request: OrgRequest): Promise<OrgAnswer> {
    const { method } = request;
    if (/^\/services\/data\/?$/.test(path)) return wire({ status: 200, body: versions });
    const [, version = '', rest = ''] = /^\/services\/data\/(v[3-6]\d\.0)(\/.*)?$/.exec(path) ?? [];
    const now = this.now();
    try {
      if (!version) throw new ApiError('NOT_FOUND', 'The requested resource does not exist');
      const match = matchRoute(method, rest);
      const userId = this.#letIn(match, request, now);
      const answer = await this.#struck(match.route.kind, () =>
        this.#run(match, { request, path: rest, userId, version, now }),
      );
      return answer === 'disconnect' || 'cut' in answer ? answer : this.#withUsage(answer, now);
    } catch (error) {
      if (error instanceof ApiError) return this.#withUsage(wire({ status: error.status, body: error.toBody() }), now);
      throw error;
    }
  }

  /** Whose call it is, once it has been counted. @throws ApiError INVALID_SESSION_ID, REQUEST_LIMIT_EXCEEDED */
  #letIn({ route }: Match, { headers }: OrgRequest, now: number): string {
    if (this.trouble.strikes('SESSION_EXPIRED')) this.#sessions.endAll();
    const userId = this.#sessions.userOf(headers.authorization ?? '', now);
    const full = userId !== undefined && this.calls.used(now) >= this.settings.current.dailyLimit;
    const refused = !userId || full || this.trouble.strikes('DAILY_LIMIT');
    this.calls.add(refused ? 'refused' : route.kind, now);
    if (!userId) throw new ApiError('INVALID_SESSION_ID', 'Session expired or invalid');
    if (refused) throw new ApiError('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    return userId;
  }

  #run(
    match: Match,
    {
      request,
      path,
      userId,
      version,
      now,
    }: { request: OrgRequest } & Record<'path' | 'userId' | 'version', string> & { now: number },
  ): Wire {
    const { method, query, headers } = request;
    const body = parsed(request.body);
    const author: Author = {
      userId,
      now: moment(now),
      duplicateRule: this.settings.current.duplicateRule,
      allowDuplicates: allowsDuplicates(headers),
      refuse: (type, row) => this.trouble.refuse(type, row),
    };
    return wire(runRoute(match, this.#engine, { method, path, query, headers, body, version, now, author }));
  }

  /** What a fault of the local services does to a call. */
  async #struck(kind: string, perform: () => Wire | Promise<Wire>): Promise<OrgAnswer> {
    const fault = this.#faults.decide('salesforce', kind);
    if (fault?.kind === 'drop') return 'disconnect';
    if (fault?.kind === 'throttle' || fault?.kind === 'error') {
      const { statusCode, headers, body } = fault.error.toResponse();
      return { status: statusCode, headers, body };
    }
    if (fault?.kind === 'latency') await pause(fault.latencyMs);
    const answer = await perform();
    return fault?.kind === 'timeoutAfterCommit' ? { cut: answer } : answer;
  }

  #withUsage(answer: Wire, now: number): Wire {
    const usage = `api-usage=${this.calls.used(now)}/${this.settings.current.dailyLimit}`;
    return { ...answer, headers: { ...answer.headers, 'sforce-limit-info': usage } };
  }

  #userNamed(username: string): Stored | undefined {
    const type = objectNamed('User');
    const users = type ? this.records.all(type, { deleted: false }) : [];
    return users.find(({ fields }) => String(fields.Username).toLowerCase() === username.toLowerCase());
  }
}

function parsed(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new ApiError('JSON_PARSER_ERROR', error.message);
    throw error;
  }
}

const wire = ({ status, body, headers = {} }: RestAnswer): Wire => ({
  status,
  headers: { ...(body !== undefined && { 'content-type': jsonType }), ...headers },
  body: body === undefined ? '' : JSON.stringify(body),
});

const page = (status: number, title: string, sentence: string): Wire => ({
  status,
  headers: { 'content-type': 'text/html;charset=UTF-8' },
  body: `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${sentence}</p></body></html>`,
});

const uriTooLong = page(414, 'URI Too Long', 'The request line is longer than 16 KB.');
const maintenance = page(503, 'Service Unavailable', 'We are down for maintenance. Sorry for the inconvenience.');

const versions = [62, 63, 64].map((number) => ({
  label: `Release ${number}`,
  url: `/services/data/v${number}.0`,
  version: `${number}.0`,
}));
