import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod/mini';
import { EventDetail } from '../../events/define.ts';
import { handler as create } from '../../functions/surveys/create.ts';
import { handler as publish } from '../../functions/surveys/publish.ts';
import { handler as results } from '../../functions/surveys/results.ts';
import { signLink } from '../../lib/links/link.ts';
import { createRecord } from '../../lib/objects/store.ts';
import { project } from '../../lib/projections/project.ts';
import { eventPrefix, typeListing } from '../../lib/table/keys.ts';
import { call } from './call.ts';
import { bearer, type Database } from './database.ts';

/** The keys that links are signed with, in the place of Secrets Manager. */
export function givenLinkKeys(): void {
  const secret = { current: '1', '1': 'k'.repeat(64) };
  mockClient(SecretsManagerClient)
    .on(GetSecretValueCommand)
    .resolves({ SecretString: JSON.stringify(secret) });
}

/** Makes a published survey and returns its id. */
export async function givenSurvey(more: Record<string, unknown> = {}): Promise<string> {
  const made = await call(create, { body: { name: '満足度調査', type: 'NPS', ...more }, headers: bearer() });
  if (made.status !== 201) throw new Error(made.text);
  const { id } = made.body as { id: string };
  await call(publish, { path: { surveyId: id }, headers: bearer() });
  return id;
}

let people = 0;

/** A contact, and the token of its link to the survey. */
export async function invite(
  { app }: Database,
  surveyId: string,
  { sendId = '77', expiresAt = new Date(Date.now() + 86_400_000).toISOString() } = {},
): Promise<{ contactId: string; token: string }> {
  people += 1;
  const contact = await createRecord(app, '0-1', { email: `person${people}@example.co.jp`, lastname: '佐藤' });
  return {
    contactId: contact.id,
    token: await signLink('survey', { surveyId, sendId, contactId: contact.id }, expiresAt),
  };
}

const EventItem = z.object({ pk: z.string(), sk: z.string(), type: z.string(), detail: EventDetail });

/** The events of a contact's log. */
export const eventsOf = ({ app }: Database, contactId: string) =>
  app.table.all({ pk: `0-1#${contactId}`, prefix: eventPrefix }, EventItem);

/** Brings the counts up to the logs of these contacts, as the stream does; again changes nothing. */
export async function projectAll(database: Database, contactIds: readonly string[]): Promise<void> {
  for (const contactId of contactIds) {
    const events = await eventsOf(database, contactId);
    const streamed = events.map(({ pk, sk, type, detail }) => ({ key: { pk, sk }, type, detail, sequence: detail.id }));
    await project(database.app.table, streamed);
  }
}

export const resultsOf = async (surveyId: string, query: Record<string, string> = {}) =>
  (await call(results, { method: 'GET', path: { surveyId }, query, headers: bearer() })).body as Record<
    string,
    unknown
  >;

/** Brings the counts up to the logs of all feedback submissions: those of anonymous answers are in no contact's log. */
export async function projectSubmissions({ app }: Database): Promise<void> {
  const listing = { pk: typeListing('0-19', false), index: 'gsi1' } as const;
  const records = await app.table.all(listing, z.object({ id: z.string() }));
  for (const { id } of records) {
    const events = await app.table.all({ pk: `0-19#${id}`, prefix: eventPrefix }, EventItem);
    const streamed = events.map(({ pk, sk, type, detail }) => ({ key: { pk, sk }, type, detail, sequence: detail.id }));
    await project(app.table, streamed);
  }
}
