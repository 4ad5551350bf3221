import type { DemoClient } from './client.ts';
import { contactRows } from './records.ts';

const surveyName = '四半期NPSアンケート';
const listName = 'NPSアンケートの対象者';
const campaignName = '四半期NPSの配信';
const askedPeople = 12;

type Named = { readonly id: string; readonly name: string };

/**
 * An NPS survey, a list of some of the people, and a campaign that asks them on the first day of each quarter. What is there already, by
 * its name, is left as it is.
 */
export async function loadSurvey(client: DemoClient): Promise<void> {
  const campaigns = await all(client, '/feedback/v1/campaigns');
  if (campaigns.some(({ name }) => name === campaignName)) return;
  const surveyId = await makeSurvey(client);
  const listId = await makeList(client);
  await client.post('/feedback/v1/campaigns', {
    name: campaignName,
    surveyId,
    listId,
    schedule: { cron: '0 10 1 1,4,7,10 *', timeZone: 'Asia/Tokyo' },
    cooldownDays: 80,
  });
}

const all = async (client: DemoClient, path: string) =>
  (await client.get<{ results: Named[] }>(`${path}?limit=100`)).results;

async function makeSurvey(client: DemoClient): Promise<string> {
  const known = (await all(client, '/feedback/v1/surveys')).find(({ name }) => name === surveyName);
  const survey =
    known ??
    (await client.post<Named>('/feedback/v1/surveys', {
      name: surveyName,
      type: 'NPS',
      senderName: 'つなぎ アンケート事務局',
      thanks: [
        { min: 9, text: '高い評価をいただき、ありがとうございます。今後ともよろしくお願いいたします。' },
        { max: 6, text: 'ご期待に沿えず申し訳ございません。いただいたご意見をもとに改善いたします。' },
        { text: 'ご回答ありがとうございました。' },
      ],
    }));
  await client.post(`/feedback/v1/surveys/${survey.id}/publish`, {});
  return survey.id;
}

async function makeList(client: DemoClient): Promise<string> {
  const recordIds = await people(client);
  const listId = (await listOf(client, recordIds[0] ?? '')) ?? (await newList(client));
  await client.call('PUT', `/crm/v3/lists/${listId}/memberships/add`, recordIds);
  return listId;
}

async function people(client: DemoClient): Promise<string[]> {
  const inputs = contactRows([])
    .slice(0, askedPeople)
    .map(({ id }) => ({ id }));
  const { results } = await client.post<{ results: { id: string }[] }>('/crm/v3/objects/contacts/batch/read', {
    idProperty: 'email',
    properties: ['email'],
    inputs,
  });
  return results.map(({ id }) => id).toSorted();
}

/** Lists are found by what is in them. */
async function listOf(client: DemoClient, recordId: string): Promise<string | undefined> {
  const { results } = await client.get<{ results: { listId: string }[] }>(
    `/crm/v3/lists/records/0-1/${recordId}/memberships`,
  );
  const listIds = results.map(({ listId }) => listId).join(',');
  const { lists } = await client.get<{ lists: { listId: string; name: string }[] }>(`/crm/v3/lists?listIds=${listIds}`);
  return lists.find(({ name }) => name.startsWith(listName))?.listId;
}

/** A load that was cut short may have left an empty list that has the name: then there is a second one. */
async function newList(client: DemoClient): Promise<string> {
  type Made = { list: { listId: string } };
  const body = (name: string) => ({ name, objectTypeId: '0-1', processingType: 'MANUAL' });
  const made =
    (await client.call<Made>('POST', '/crm/v3/lists', body(listName), { expected: [400] })) ??
    (await client.post<Made>('/crm/v3/lists', body(`${listName}（${new Date().toISOString()}）`)));
  return made.list.listId;
}
