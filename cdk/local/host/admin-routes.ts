import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { AdminAnswer, AdminCall, AdminRoute } from '../admin.ts';
import type { LocalAddresses } from '../local-system.ts';
import { mailListPage, mailPage } from '../pages/mail-pages.ts';
import {
  callsPage,
  clockPage,
  faultsPage,
  homePage,
  type QueueState,
  queuesPage,
  sinkPage,
} from '../pages/state-pages.ts';
import { settled } from '../services/idle.ts';
import { detailTypes, type SesEventType } from '../services/ses-events.ts';
import type { SinkName } from '../services/sinks.ts';
import { takeMail } from './inbound-mail.ts';
import { salesforceRoutes } from './salesforce-routes.ts';
import { struck } from './struck.ts';
import type { Parts } from './wiring.ts';

const patienceMs = 60_000;

const route = (method: string, path: string, run: AdminRoute['run']): AdminRoute => ({
  method,
  path: new RegExp(`^${path}$`),
  run,
});

const jsonOf = ({ body }: AdminCall): unknown => (body.length === 0 ? {} : JSON.parse(body.toString('utf8')));

const notFound = (message: string): AdminAnswer => ({ status: 404, data: { message } });

/** Every address under `/local`, on one screen. */
export function adminRoutes(parts: Parts, addresses: LocalAddresses): readonly AdminRoute[] {
  return [
    route('GET', '', () => ({ data: addresses, page: () => homePage(addresses) })),
    ...mailRoutes(parts),
    ...sinkRoutes(parts),
    ...clockRoutes(parts),
    ...faultRoutes(parts),
    ...queueRoutes(parts),
    ...salesforceRoutes(parts, `${addresses.localUrl}/salesforce`),
  ];
}

function mailRoutes(parts: Parts): AdminRoute[] {
  const { services } = parts;
  return [
    route('GET', '/mail', () => {
      const mails = services.ses.mails();
      return { data: mails, page: () => mailListPage(mails) };
    }),
    route('GET', '/mail/([^/]+)', ({ parameters: [id = ''] }) => {
      const mail = services.ses.mail(id);
      return mail ? { data: mail, page: () => mailPage(mail) } : notFound('No such mail');
    }),
    route('POST', '/mail/([^/]+)/([^/]+)', ({ parameters: [id = '', type = ''] }) => {
      if (!(type in detailTypes)) return notFound(`No such event; there are ${Object.keys(detailTypes).join(', ')}`);
      if (!services.ses.emit(id, type as SesEventType))
        return notFound('No such mail, or it was sent without a configuration set');
      return { data: { type }, location: `/local/mail/${encodeURIComponent(id)}` };
    }),
    route('POST', '/ses-quota', (call) => ({ data: services.ses.setQuota(SesQuota.parse(jsonOf(call))) })),
    route('POST', '/inbound-mail', ({ body }) => ({ data: takeMail(parts, body) })),
    route('POST', '/ses-events', (call) => {
      const event = sesEvent(jsonOf(call), services.clock.now());
      services.bus.deliver('default', event);
      return { data: { id: event.id } };
    }),
  ];
}

/** How long `POST /idle` waits, unless the caller has less patience. */
const Patience = z.object({ timeoutMs: z.optional(z.number()) });

const SesQuota = z.object({ maxSendRate: z.optional(z.number()), max24HourSend: z.optional(z.number()) });

const SesEvent = z.object({
  id: z.optional(z.string()),
  'detail-type': z.string(),
  time: z.optional(z.string()),
  resources: z._default(z.array(z.string()), []),
  detail: z.record(z.string(), z.unknown()),
});

/** What the caller leaves out of EventBridge's envelope is filled in. */
function sesEvent(input: unknown, now: number) {
  const {
    id = randomUUID(),
    time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    ...rest
  } = SesEvent.parse(input);
  return {
    version: '0',
    id,
    source: 'aws.ses',
    account: '000000000000',
    time,
    region: 'ap-northeast-1',
    ...rest,
  } as const;
}

function sinkRoutes({ services }: Parts): AdminRoute[] {
  const show = (sink: SinkName, title: string, path = '') => {
    const posts = services.sinks.posts(sink).filter(({ headers }) => !path || headers['x-local-path'] === path);
    return { data: posts, page: () => sinkPage(title, posts) };
  };
  const take = (sink: SinkName, { headers, body }: AdminCall, path = '') => {
    const { statusCode, ...answer } = services.sinks.post(sink, {
      headers: { ...headers, 'x-local-path': path },
      body: body.toString('utf8'),
    });
    return { ...answer, status: statusCode };
  };
  return [
    route('GET', '/slack', () => show('slack', 'Slack posts')),
    route('POST', '/slack', (call) => struck(services.faults.decide('slack', 'post'), () => take('slack', call))),
    route('DELETE', '/slack', () => ({ data: services.sinks.clear('slack') ?? {} })),
    route('GET', '/webhooks(/.*)?', ({ parameters: [path] }) => show('webhooks', 'Webhooks', path)),
    route('POST', '/webhooks(/.*)?', (call) => take('webhooks', call, call.parameters[0])),
    route('DELETE', '/webhooks', () => ({ data: services.sinks.clear('webhooks') ?? {} })),
  ];
}

function clockRoutes({ services, database, workers }: Parts): AdminRoute[] {
  const { clock } = services;
  const state = () => ({ now: new Date(clock.now()).toISOString(), offsetMs: Math.round(clock.now() - Date.now()) });
  const show = () => ({ data: state(), page: () => clockPage(state()), location: '/local/clock' });
  const Advance = z.object({ advanceMs: z.coerce.number() });
  return [
    route('GET', '/clock', () => ({ ...show(), location: undefined }) as AdminAnswer),
    route('POST', '/clock', async (call) => {
      const { advanceMs } = Advance.parse(call.query.has('advanceMs') ? Object.fromEntries(call.query) : jsonOf(call));
      clock.advance(advanceMs);
      workers.moveClock(state().offsetMs);
      database.sweepExpired();
      await nextTurn();
      return show();
    }),
    route('POST', '/idle', async (call) => {
      const busy = [services, workers];
      const { timeoutMs = patienceMs } = Patience.parse(jsonOf(call));
      try {
        await settled(busy, timeoutMs);
        return { data: { pending: 0 } };
      } catch (error) {
        if (busy.every((part) => part.pending() === 0)) return { data: { pending: 0 } };
        const message = error instanceof Error ? error.message : String(error);
        return {
          status: 504,
          data: {
            message,
            deliveries: services.deliveries.pending(),
            services: services.pending(),
            invocations: workers.pending(),
          },
        };
      }
    }),
  ];
}

function faultRoutes({ services, counts }: Parts): AdminRoute[] {
  const { faults } = services;
  const show = () => ({ data: faults.list(), page: () => faultsPage(faults.list()) });
  return [
    route('GET', '/faults', show),
    route('POST', '/faults', (call) => {
      faults.add(jsonOf(call));
      return show();
    }),
    route('DELETE', '/faults', () => {
      faults.clear();
      return show();
    }),
    route('GET', '/calls', () => ({ data: counts.report(), page: () => callsPage(counts.report()) })),
    route('DELETE', '/calls', () => {
      counts.clear();
      return { data: counts.report() };
    }),
  ];
}

function queueRoutes({ services: { queues } }: Parts): AdminRoute[] {
  const state = (): QueueState[] =>
    queues.list().map((queue) => {
      const sources = queues
        .list()
        .filter(({ redrive }) => redrive?.deadLetterArn === queue.arn)
        .map(({ name }) => name);
      return { name: queue.name, ...queues.counts(queue), ...(sources.length > 0 && { deadLettersOf: sources }) };
    });
  return [
    route('GET', '/queues', () => ({ data: state(), page: () => queuesPage(state()) })),
    route('POST', '/queues/([^/]+)/redrive', ({ parameters: [name = ''] }) => {
      const queue = queues.named(name);
      if (!queue) return notFound(`No queue ${name}`);
      return { data: { moved: queues.redrive(queue) }, location: '/local/queues' };
    }),
  ];
}
