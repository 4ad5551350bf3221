import { api, type Reach } from './landing-page.ts';
import { eventually } from './wait.ts';

export type Mail = {
  readonly messageId: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly html?: string;
  readonly text?: string;
};
type Wave = { readonly dueAt: string; readonly sendId?: string; readonly skipped?: string };
export type Campaign = { readonly id: string; readonly nextRunAt?: string; readonly waves: readonly Wave[] };
export type Person = { readonly id: string; readonly email: string };
type Ledger = Readonly<Record<string, number>>;
export type SendShown = { readonly id: string; readonly status: string; readonly ledger: Ledger };
export type SurveyResults = {
  readonly responses: number;
  readonly invited: number;
  readonly score: number | null;
  readonly distribution: readonly { readonly score: number; readonly count: number }[];
};

/** Contacts with a family name and an address that ends in the tag. */
export async function givenPeople(local: Reach, tag: string, count: number): Promise<Person[]> {
  const inputs = Array.from({ length: count }, (_, n) => ({
    properties: { email: `person${n}.${tag}@example.co.jp`, lastname: `佐藤${n}` },
  }));
  type Made = { results: { id: string; properties: { email: string } }[] };
  const { results } = await api<Made>(local, 'POST', '/crm/v3/objects/contacts/batch/create', { inputs });
  return results.map(({ id, properties }) => ({ id, email: properties.email }));
}

/** A published survey. */
export async function givenSurvey(local: Reach, more: Record<string, unknown> = {}): Promise<string> {
  const body = { name: '四半期NPS', type: 'NPS', ...more };
  const { id } = await api<{ id: string }>(local, 'POST', '/feedback/v1/surveys', body);
  await api(local, 'POST', `/feedback/v1/surveys/${id}/publish`, {});
  return id;
}

/** A list that holds these people. */
export async function givenList(local: Reach, name: string, people: readonly Person[]): Promise<string> {
  const body = { name, objectTypeId: '0-1', processingType: 'MANUAL' };
  const { list } = await api<{ list: { listId: string } }>(local, 'POST', '/crm/v3/lists', body);
  const ids = people.map(({ id }) => id);
  await api(local, 'PUT', `/crm/v3/lists/${list.listId}/memberships/add`, ids);
  return list.listId;
}

export const campaignOf = (local: Reach, id: string) => api<Campaign>(local, 'GET', `/feedback/v1/campaigns/${id}`);
export const sendOf = (local: Reach, id: string) => api<SendShown>(local, 'GET', `/marketing/v1/sends/${id}`);
export const resultsOf = (local: Reach, id: string) =>
  api<SurveyResults>(local, 'GET', `/feedback/v1/surveys/${id}/results`);

const json = { accept: 'application/json', 'content-type': 'application/json' };

/** Calls the local system's own paths. */
export async function admin<T>({ localUrl }: Reach, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${localUrl}${path}`, {
    method,
    headers: json,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export const mailsTo = async (local: Reach, addresses: readonly string[]): Promise<Mail[]> =>
  (await allMails(local)).filter(({ to }) => to.some((address) => addresses.includes(address)));

async function allMails(local: Reach): Promise<Mail[]> {
  const answer = await admin<Mail[] | { results: Mail[] }>(local, 'GET', '/mail');
  return Array.isArray(answer) ? answer : answer.results;
}

/** Moves the clock to the minute at which the campaign fires next. */
export async function toNextWave(local: Reach, campaignId: string): Promise<void> {
  await moveClockTo(local, (await campaignOf(local, campaignId)).nextRunAt);
}

export async function moveClockTo(local: Reach, time = ''): Promise<void> {
  const { now } = await admin<{ now: string }>(local, 'GET', '/clock');
  await admin(local, 'POST', '/clock', { advanceMs: Math.max(0, Date.parse(time) - Date.parse(now)) + 1000 });
}

/** The send of the campaign's latest wave, when it has made so many and all of its mails are settled. */
export async function finishedWave(local: Reach, campaignId: string, count: number): Promise<SendShown> {
  return eventually(
    `wave ${count}`,
    async () => {
      const { waves } = await campaignOf(local, campaignId);
      const sendId = waves.length >= count ? waves[0]?.sendId : undefined;
      const send = sendId === undefined ? undefined : await sendOf(local, sendId);
      return send?.status === 'COMPLETED' && send;
    },
    20_000,
  );
}

const decoded = (url: string) => url.replaceAll('&amp;', '&');
export const linksIn = ({ html = '' }: Pick<Mail, 'html'>): string[] =>
  [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => decoded(url ?? ''));

/** The link of one score in a mail. */
export function scoreLink(mail: Mail, score: number): string {
  const link = linksIn(mail).find((url) => url.endsWith(`?score=${score}`));
  if (!link) throw new Error(`the mail has no link for ${score}`);
  return link;
}

/** Sends the answer as the page's form does. */
export const answerBy = (link: string, values: Record<string, string>) =>
  fetch(link.replace(/\?.*/, ''), { method: 'POST', body: new URLSearchParams(values), redirect: 'manual' });
