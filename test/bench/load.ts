import { Agent, request } from 'node:http';
import { contact } from './costs.ts';
import type { Started } from './system.ts';

export type Rate = {
  readonly what: string;
  readonly clients: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
};

const seconds = 4;

/** A lean client, so that the figure is the system's and not that of `fetch`: the two cores are shared with the load. */
const send = (agent: Agent, system: Started, method: string, path: string, body?: unknown) =>
  new Promise<string>((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { hostname, port } = new URL(system.apiUrl);
    const headers = {
      authorization: `Bearer ${system.accessToken}`,
      ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const outgoing = request({ agent, hostname, port, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const answer = Buffer.concat(chunks).toString('utf8');
        if ((incoming.statusCode ?? 500) < 300) resolve(answer);
        else reject(new Error(`${method} ${path}: ${incoming.statusCode} ${answer.slice(0, 300)}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(text);
  });

type Step = (n: number) => { readonly method: string; readonly path: string; readonly body?: unknown };

/** What earlier requests set off (events, counters) ends first, so that each figure pays for its own work only. */
const settled = (system: Started) => fetch(`${system.localUrl}/idle`, { method: 'POST' });

async function run(system: Started, what: string, clients: number, step: Step, perRequest = 1): Promise<Rate> {
  await settled(system);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let n = 0;
  const next = () => ++n;
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const client = async () => {
    while (performance.now() < until) {
      const { method, path, body } = step(next());
      const from = performance.now();
      await send(agent, system, method, path, body);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    what,
    clients,
    perSecond: (times.length * perRequest * 1000) / (performance.now() - begun),
    p50: at(0.5),
    p99: at(0.99),
  };
}

/** Requests a second through the gateway, with 1 and with 8 clients, over `records` contacts. */
export async function measureLoad(system: Started, records: number): Promise<Rate[]> {
  const objects = '/crm/v3/objects/contacts';
  const agent = new Agent({ keepAlive: true });
  const ids: string[] = [];
  for (let start = 0; start < records; start += 100) {
    const inputs = Array.from({ length: 100 }, (_, n) => ({
      properties: contact(`load${start + n}`),
      associations: [],
    }));
    const answer = JSON.parse(await send(agent, system, 'POST', `${objects}/batch/create`, { inputs })) as {
      results: { id: string }[];
    };
    ids.push(...answer.results.map(({ id }) => id));
  }
  agent.destroy();
  const some = (n: number) => ids[(n * 7919) % ids.length] ?? '';
  const rates: Rate[] = [];
  for (const clients of [1, 8]) {
    const mark = `c${clients}-`;
    rates.push(
      await run(system, 'create', clients, (n) => ({
        method: 'POST',
        path: objects,
        body: { properties: contact(mark + n), associations: [] },
      })),
    );
    rates.push(await run(system, 'get', clients, (n) => ({ method: 'GET', path: `${objects}/${some(n)}` })));
    rates.push(
      await run(system, 'get by e-mail', clients, (n) => ({
        method: 'GET',
        path: `${objects}/benchload${(n * 7919) % records}@example.co.jp?idProperty=email`,
      })),
    );
    rates.push(
      await run(system, 'update', clients, (n) => ({
        method: 'PATCH',
        path: `${objects}/${some(n)}`,
        body: { properties: { jobtitle: mark + n } },
      })),
    );
    rates.push(await run(system, 'list 100', clients, () => ({ method: 'GET', path: `${objects}?limit=100` })));
    rates.push(
      await run(
        system,
        'batch create (contacts)',
        clients,
        (n) => ({
          method: 'POST',
          path: `${objects}/batch/create`,
          body: {
            inputs: Array.from({ length: 100 }, (_, row) => ({
              properties: contact(`${mark}b${n}-${row}`),
              associations: [],
            })),
          },
        }),
        100,
      ),
    );
  }
  return rates;
}
