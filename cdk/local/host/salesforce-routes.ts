import * as z from 'zod/mini';
import type { AdminAnswer, AdminCall, AdminRoute } from '../admin.ts';
import { recordPage, recordsPage, summaryPage } from '../pages/salesforce-pages.ts';
import { ApiError } from '../services/salesforce/api-error.ts';
import type { Input } from '../services/salesforce/input.ts';
import { objects } from '../services/salesforce/objects.ts';
import { isDeleted } from '../services/salesforce/records.ts';
import { representAll } from '../services/salesforce/represent.ts';
import { demoApp, salesperson } from '../services/salesforce/seed.ts';
import type { Author } from '../services/salesforce/writes.ts';
import type { Parts } from './wiring.ts';

const base = '/salesforce';
const home = `/local${base}`;
const version = 'v63.0';

const route = (method: string, path: string, run: AdminRoute['run']): AdminRoute => ({
  method,
  path: new RegExp(`^${base}${path}$`),
  run: async (call) => {
    try {
      return await run(call);
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, data: error.toBody() };
      throw error;
    }
  },
});

const jsonOf = ({ body }: AdminCall): unknown => (body.length === 0 ? {} : JSON.parse(body.toString('utf8')));

const One = z.record(z.string(), z.unknown());
const Several = z.array(One);

/** The demo Salesforce org: its API, and what people in it and its administrators do. */
export function salesforceRoutes(parts: Parts, instanceUrl: string): AdminRoute[] {
  return [
    {
      method: '*',
      path: new RegExp(`^${base}/services/`),
      run: ({ url, ...call }) => parts.services.salesforce.serve({ ...call, url: url.slice(home.length), instanceUrl }),
    },
    ...orgRoutes(parts, instanceUrl),
    ...recordRoutes(parts),
    ...processRoutes(parts),
  ];
}

function orgRoutes({ services: { salesforce } }: Parts, instanceUrl: string): AdminRoute[] {
  const { settings, calls, trouble, records } = salesforce;
  const org = () => ({
    ...settings.current,
    ...demoApp,
    instanceUrl,
    loginUrl: instanceUrl,
    now: new Date(salesforce.now()).toISOString(),
  });
  const summary = () => ({
    org: org(),
    objects: objects.map((type) => ({ sobject: type.name, ...records.count(type) })),
    calls: calls.report(),
    trouble: trouble.list(),
  });
  return [
    route('GET', '', () => ({ data: summary(), page: () => summaryPage(summary()) })),
    route('GET', '/org', () => ({ data: org() })),
    route('PUT', '/org', (call) => {
      settings.change(jsonOf(call));
      return { data: org() };
    }),
    route('GET', '/calls', () => ({ data: calls.report() })),
    route('DELETE', '/calls', () => {
      calls.clear();
      return { data: calls.report() };
    }),
    route('GET', '/trouble', () => ({ data: trouble.list() })),
    route('POST', '/trouble', (call) => {
      trouble.add(jsonOf(call));
      return { data: trouble.list() };
    }),
    route('DELETE', '/trouble', () => {
      trouble.clear();
      return { data: trouble.list() };
    }),
  ];
}

function recordRoutes({ services: { salesforce } }: Parts): AdminRoute[] {
  const { manual } = salesforce;
  const oneRecord = '/records/(\\w+)/(\\w+)';
  const addressOf = (name: string, id: string) =>
    `${home}/records/${encodeURIComponent(name)}/${encodeURIComponent(id)}`;
  return [
    route('GET', '/records/(\\w+)', ({ parameters: [name = ''], query }) => {
      const where = query.get('where');
      const limit = z.coerce
        .number()
        .check(z.int(), z.minimum(1))
        .parse(query.get('limit') ?? 200);
      const list = manual.list(name, { limit, deleted: query.get('deleted') === 'true', ...(where && { where }) });
      return { data: { results: list }, page: () => recordsPage(name, list) };
    }),
    route('GET', oneRecord, ({ parameters: [name = '', id = ''] }) => {
      const record = manual.get(name, id);
      if (!record) return { status: 404, data: { message: 'No such record' } };
      const shown = representAll(record, version);
      return { data: shown, page: () => recordPage(shown, isDeleted(record)) };
    }),
    route('POST', '/records/(\\w+)', (call) =>
      created(call, (name, inputs, author) => manual.create(name, inputs, author), salesforce),
    ),
    route('PATCH', oneRecord, (call) => {
      const [name = '', id = ''] = call.parameters;
      manual.update(name, id, One.parse(jsonOf(call)), authorOf(call, salesforce));
      return { data: { id }, location: addressOf(name, id) };
    }),
    route('DELETE', oneRecord, (call) => {
      const [name = '', id = ''] = call.parameters;
      manual.remove(name, id, authorOf(call, salesforce));
      return { data: { id } };
    }),
    route('POST', `${oneRecord}/(delete|restore)`, (call) => {
      const [name = '', id = '', act] = call.parameters;
      if (act === 'delete') manual.remove(name, id, authorOf(call, salesforce));
      else manual.restore(name, id, authorOf(call, salesforce));
      return { data: { id }, location: addressOf(name, id) };
    }),
  ];
}

function created(
  call: AdminCall,
  create: (name: string, inputs: readonly Input[], author: Author) => string[],
  salesforce: Parts['services']['salesforce'],
): AdminAnswer {
  const [name = ''] = call.parameters;
  const body = jsonOf(call);
  const author = authorOf(call, salesforce);
  if (Array.isArray(body)) return { status: 201, data: { ids: create(name, Several.parse(body), author) } };
  const [id = ''] = create(name, [One.parse(body)], author);
  return { status: 201, data: { id }, location: `${home}/records/${name}/${id}` };
}

function processRoutes({ services: { salesforce } }: Parts): AdminRoute[] {
  const { manual } = salesforce;
  return [
    route('POST', '/leads/(\\w+)/convert', (call) => {
      const data = manual.convert(call.parameters[0] ?? '', jsonOf(call), authorOf(call, salesforce));
      return { data, location: `${home}/records/Lead/${data.leadId}` };
    }),
    route('POST', '/merge', (call) => ({ data: manual.merge(jsonOf(call), authorOf(call, salesforce)) })),
  ];
}

/** `?as=<username>`, without it a salesperson; `?agoMs=2000` writes stamps that lie so far back when the write is seen. */
function authorOf({ query }: AdminCall, salesforce: Parts['services']['salesforce']): Author {
  const username = query.get('as') ?? salesperson;
  const agoMs = z.coerce
    .number()
    .check(z.int(), z.minimum(0))
    .parse(query.get('agoMs') ?? 0);
  const author = salesforce.person(username, agoMs);
  if (!author) throw new ApiError('NOT_FOUND', `No user ${username} works in the org`);
  return author;
}
