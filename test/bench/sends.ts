import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { givenEmail } from '../support/emails.ts';
import { settle } from '../support/settle.ts';
import { type Started, startSystem } from './system.ts';

export type SendFigure = {
  readonly recipients: number;
  /** Resident memory of the whole system at its end, in MB. */
  readonly megabytes: number;
  readonly seconds: number;
  readonly mailsPerSecond: number;
  /** Calls of SES for each recipient. */
  readonly callsOfSes: number;
  /** Items that the send's own workers wrote for each recipient: ledger rows, totals, the pace, the job. */
  readonly writes: number;
};

type Json = Record<string, unknown>;

const request = async <T = Json>(system: Started, method: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(`${system.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${system.accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
};

let people = 0;

async function listOf(system: Started, count: number): Promise<string> {
  const name = `bench ${count} ${people}`;
  const { list } = await request<{ list: { listId: string } }>(system, 'POST', '/crm/v3/lists', {
    name,
    objectTypeId: '0-1',
    processingType: 'MANUAL',
  });
  for (let made = 0; made < count; made += 100) {
    const inputs = Array.from({ length: Math.min(100, count - made) }, () => {
      people += 1;
      return { properties: { email: `reader${people}@example.co.jp`, lastname: '佐藤' }, associations: [] };
    });
    const { results } = await request<{ results: { id: string }[] }>(
      system,
      'POST',
      '/crm/v3/objects/contacts/batch/create',
      { inputs },
    );
    await request(
      system,
      'PUT',
      `/crm/v3/lists/${list.listId}/memberships/add`,
      results.map(({ id }) => id),
    );
  }
  return list.listId;
}

async function survey(system: Started): Promise<string> {
  const { id } = await request<{ id: string }>(system, 'POST', '/feedback/v1/surveys', { name: 'bench', type: 'NPS' });
  await request(system, 'POST', `/feedback/v1/surveys/${id}/publish`);
  return id;
}

type Calls = {
  readonly functions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly written: Readonly<Record<string, number>>;
};

const idle = (system: Started) => fetch(`${system.localUrl}/idle`, { method: 'POST' });

/** What is sent: a survey of its own, or an e-mail with a token and four links. */
export type What = 'survey' | 'e-mail';

let emails = 0;
async function contentOf(system: Started, what: What): Promise<Json> {
  if (what === 'survey') return { surveyId: await survey(system), subscriptionTypeId: '1' };
  emails += 1;
  return { emailId: await givenEmail(system, `bench${emails}`), subscriptionTypeId: '2' };
}

type Shown = { readonly status: string; readonly ledger: Readonly<Record<string, number>> };

async function shown(system: Started, id: string): Promise<Shown> {
  const send = await request<Shown>(system, 'GET', `/marketing/v1/sends/${id}`);
  const { recipients: all = 0, accepted = 0, failed = 0, pending = 0, cancelled = 0 } = send.ledger;
  if (all !== accepted + failed + pending + cancelled) throw new Error('the totals do not add up');
  return send;
}

async function prepared(system: Started, recipients: number, what: What): Promise<string> {
  const listIds = [await listOf(system, recipients)];
  const body = { ...(await contentOf(system, what)), audience: { listIds } };
  return (await request<{ id: string }>(system, 'POST', '/marketing/v1/sends', body)).id;
}

/** Sends to so many contacts through the whole system, and counts what it took. */
export async function measureSend(system: Started, recipients: number, what: What = 'survey'): Promise<SendFigure> {
  const id = await prepared(system, recipients, what);
  await idle(system);
  await fetch(`${system.localUrl}/calls`, { method: 'DELETE' });
  const looked = what === 'e-mail' && recipients > 2000;
  if (looked) await lookedAt(system, id);
  const begun = performance.now();
  await request(system, 'POST', `/marketing/v1/sends/${id}/confirm`);
  while ((await shown(system, id)).status !== 'COMPLETED') await pause(50);
  const seconds = (performance.now() - begun) / 1000;
  const calls = (await (await fetch(`${system.localUrl}/calls`)).json()) as Calls;
  await idle(system);
  const written = (calls.written['jobs/work'] ?? 0) + (calls.written['sends/deliver'] ?? 0);
  return {
    recipients,
    seconds,
    mailsPerSecond: recipients / seconds,
    callsOfSes: (calls.functions['sends/deliver']?.['ses:SendRawEmail'] ?? 0) / recipients,
    writes: written / recipients,
    megabytes: memoryOf(system),
  };
}

/** A large audience is looked at by a job before it is confirmed. */
async function lookedAt(system: Started, id: string): Promise<void> {
  await request(system, 'POST', `/marketing/v1/sends/${id}/preview`);
  type Looked = { preview?: { status: string } };
  while ((await request<Looked>(system, 'GET', `/marketing/v1/sends/${id}`)).preview?.status !== 'DONE')
    await pause(100);
}

function memoryOf({ pid }: Started): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

export type Trouble = {
  readonly seconds: number;
  readonly ledger: Readonly<Record<string, number>>;
  /** How many mails SES took, and how many people got more than one. */
  readonly taken: number;
  readonly twice: number;
};

/** The same while SES throttles 5 % and answers too late to 2 % of what it took, with a kill -9 when half of it is done. */
export async function sendUnderTrouble(home: string, recipients: number): Promise<Trouble> {
  let system = await startSystem(home);
  const admin = (path: string, body: unknown) =>
    fetch(`${system.localUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const trouble = async () => {
    await admin('/faults', { service: 'ses', kind: 'throttle', rate: 0.05, count: recipients, seed: 1 });
    await admin('/faults', { service: 'ses', kind: 'timeoutAfterCommit', rate: 0.02, count: recipients, seed: 2 });
  };
  try {
    const id = await prepared(system, recipients, 'e-mail');
    await trouble();
    const begun = performance.now();
    await request(system, 'POST', `/marketing/v1/sends/${id}/confirm`);
    while (((await shown(system, id)).ledger.accepted ?? 0) < recipients / 2) await pause(50);
    await system.stop('SIGKILL');
    system = await startSystem(home);
    await trouble();
    await settle(system);
    await fetch(`${system.localUrl}/faults`, { method: 'DELETE' });
    await admin('/clock', { advanceMs: 30 * 60_000 });
    await settle(system);
    const { ledger } = await shown(system, id);
    const seconds = (performance.now() - begun) / 1000;
    const to = (
      (await (await fetch(`${system.localUrl}/mail?limit=${recipients * 2}`)).json()) as { to: string[] }[]
    ).flatMap((mail) => mail.to);
    return { seconds, ledger, taken: to.length, twice: to.length - new Set(to).size };
  } finally {
    await system.stop();
  }
}
