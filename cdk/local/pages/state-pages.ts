import type { CallReport } from '../host/call-counts.ts';
import type { LocalAddresses } from '../local-system.ts';
import type { SinkPost } from '../services/sinks.ts';
import { html } from './html.ts';
import { json, page, table } from './layout.ts';

export type QueueState = {
  readonly name: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Messages that were given up, when the queue is another one's dead-letter queue. */
  readonly deadLettersOf?: readonly string[];
};

/** Addresses and the access token. */
export const homePage = (addresses: LocalAddresses): string =>
  page('Tsunagi on localhost', table(['What', 'Value'], Object.entries(addresses), ''));

/** What arrived at a sink, newest first. */
export const sinkPage = (title: string, posts: readonly SinkPost[]): string =>
  page(
    title,
    table(
      ['At', 'Path', 'Body', 'Posted'],
      posts.map(({ at, headers, json: parsed, body, attempts }) => [
        at,
        headers['x-local-path'] ?? '',
        parsed === undefined ? html`<pre>${body}</pre>` : json(parsed),
        `${attempts} ×`,
      ]),
      'Nothing has arrived.',
    ),
  );

/** Every queue with what waits in it, and a button that sends dead letters back. */
export const queuesPage = (queues: readonly QueueState[]): string =>
  page(
    'Queues',
    table(
      ['Queue', 'Visible', 'In flight', 'Delayed', 'Dead letters of'],
      queues.map(({ name, visible, inFlight, delayed, deadLettersOf }) => [
        name,
        visible,
        inFlight,
        delayed,
        deadLettersOf &&
          html`${deadLettersOf.join(', ')} ${visible > 0 && html`<form method="post" action="/local/queues/${encodeURIComponent(name)}/redrive"><button>Redrive</button></form>`}`,
      ]),
      'The stack has no queues.',
    ),
  );

/** AWS calls per function. */
export const callsPage = ({ functions, denied }: CallReport): string =>
  page(
    'Calls',
    html`
      ${table(
        ['Function', 'Calls'],
        Object.entries(functions).map(([id, calls]) => [id, json(calls)]),
        'No function has called AWS.',
      )}
      <h2>Denied</h2>
      ${table(
        ['Function', 'Action', 'Resource', 'Times'],
        denied.map((row) => [row.function, row.action, row.resource, row.count]),
        'Nothing was denied.',
      )}
    `,
  );

/** Trouble that is switched on. */
export const faultsPage = (faults: readonly Readonly<Record<string, unknown>>[]): string =>
  page(
    'Faults',
    html`${faults.length === 0 ? html`<p class="none">No trouble is switched on.</p>` : json(faults)}
      <p>POST JSON to this address: <code>{"service":"dynamodb","kind":"throttle","rate":0.2}</code>; DELETE ends all.</p>`,
  );

/** The time that functions see. */
export const clockPage = (clock: { readonly now: string; readonly offsetMs: number }): string =>
  page(
    'Clock',
    html`<p>Functions see <b>${clock.now}</b>, ${clock.offsetMs} ms ahead of this machine.</p>
      ${[
        ['a minute', 60_000],
        ['an hour', 3_600_000],
        ['a day', 86_400_000],
      ].map(
        ([label, ms]) =>
          html`<form method="post" action="/local/clock?advanceMs=${ms}" style="display:inline"><button>Advance by ${label}</button></form> `,
      )}`,
  );
