import { setTimeout as pause } from 'node:timers/promises';
import type { Started } from './system.ts';

export type SendFigure = {
  readonly recipients: number;
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

/** Sends a survey to so many contacts through the whole system, and counts what it took. */
export async function measureSend(system: Started, recipients: number): Promise<SendFigure> {
  const listId = await listOf(system, recipients);
  const surveyId = await survey(system);
  const idle = () => fetch(`${system.localUrl}/idle`, { method: 'POST' });
  await idle();
  await fetch(`${system.localUrl}/calls`, { method: 'DELETE' });
  const { id } = await request<{ id: string }>(system, 'POST', '/marketing/v1/sends', {
    surveyId,
    audience: { listIds: [listId] },
    subscriptionTypeId: '1',
  });
  const begun = performance.now();
  await request(system, 'POST', `/marketing/v1/sends/${id}/confirm`);
  for (;;) {
    const { status, ledger } = await request<{ status: string; ledger: Record<string, number> }>(
      system,
      'GET',
      `/marketing/v1/sends/${id}`,
    );
    const { recipients: all = 0, accepted = 0, failed = 0, pending = 0, cancelled = 0 } = ledger;
    if (all !== accepted + failed + pending + cancelled) throw new Error('the totals do not add up');
    if (status === 'COMPLETED') break;
    await pause(50);
  }
  const seconds = (performance.now() - begun) / 1000;
  const calls = (await (await fetch(`${system.localUrl}/calls`)).json()) as Calls;
  await idle();
  const written = (calls.written['jobs/work'] ?? 0) + (calls.written['sends/deliver'] ?? 0);
  return {
    recipients,
    seconds,
    mailsPerSecond: recipients / seconds,
    callsOfSes: (calls.functions['sends/deliver']?.['ses:SendRawEmail'] ?? 0) / recipients,
    writes: written / recipients,
  };
}
