import { DemoClient, type Reach, type Row } from './demo/client.ts';
import { enquiryFlow, enquiryFlowName, enquiryForm, enquiryPipeline } from './demo/enquiry.ts';
import { owners } from './demo/people.ts';
import { programSchema } from './demo/program-schema.ts';
import {
  callRows,
  companyKeyOf,
  companyRows,
  contactRows,
  dealRows,
  demoKey,
  noteRows,
  type Place,
  programRows,
  ticketRows,
} from './demo/records.ts';
import { loadReports } from './demo/reports.ts';
import { loadSalesforce } from './demo/salesforce.ts';
import { loadSurvey } from './demo/survey.ts';

/**
 * Loads a small, believable data set through the HTTP API: people, companies, deals, tickets, notes, calls, プログラム情報, a form and
 * the flow that answers it, a survey and its campaign, reports and a dashboard. What was loaded before is left as it is; an interrupted
 * load is completed by running it again.
 */
export async function loadDemo(reach: Reach): Promise<void> {
  const client = new DemoClient(reach);
  if (!(await isLoaded(client))) await loadRecords(client);
  await loadSurvey(client);
  await loadReports(client);
  await loadSalesforce(client, reach.localUrl);
}

async function loadRecords(client: DemoClient): Promise<void> {
  const [ownerIds, places] = await Promise.all([makeOwners(client), pipelinePlaces(client), makeDefinitions(client)]);
  const ids = await makeRecords(client, ownerIds, places);
  await associateRecords(client, ids);
  await makeEnquiry(client, ownerIds, places);
}

async function isLoaded(client: DemoClient): Promise<boolean> {
  const { results } = await client.get<{ results: { name?: string }[] }>('/automation/v4/flows?limit=100');
  return results.some(({ name }) => name === enquiryFlowName);
}

type User = { readonly id: string; readonly email: string };

async function makeOwners(client: DemoClient): Promise<string[]> {
  const { results: teams } = await client.get<{ results: { id: string; name: string }[] }>('/settings/v3/users/teams');
  const { results: users } = await client.get<{ results: User[] }>('/settings/v3/users?limit=500');
  const ids: string[] = [];
  for (const { team, ...person } of owners) {
    const primaryTeamId = teams.find(({ name }) => name === team)?.id;
    const known = users.find(({ email }) => email === person.email);
    const user =
      known ?? (await client.post<User>('/settings/v3/users', { ...person, ...(primaryTeamId && { primaryTeamId }) }));
    ids.push(user.id);
  }
  return ids;
}

type PipelineList = {
  readonly results: readonly {
    readonly id: string;
    readonly label: string;
    readonly stages: readonly { readonly id: string }[];
  }[];
};

/** Every stage of every ticket pipeline. */
async function pipelinePlaces(client: DemoClient): Promise<Place[]> {
  const { results } = await client.get<PipelineList>('/crm/v3/pipelines/tickets');
  return results.flatMap(({ id, label, stages }) =>
    stages.map((stage) => ({ pipelineId: id, label, stageId: stage.id })),
  );
}

const keyed = ['tickets', 'notes', 'calls'] as const;

async function makeDefinitions(client: DemoClient): Promise<void> {
  const there = { expected: [409] };
  await Promise.all([
    client.call('POST', '/crm-object-schemas/v3/schemas', programSchema, there),
    ...keyed.map(async (objectType) => {
      const { results } = await client.get<{ results: { name: string }[] }>(`/crm/v3/properties/${objectType}/groups`);
      const definition = {
        name: demoKey,
        label: 'デモ番号',
        type: 'string',
        fieldType: 'text',
        groupName: results[0]?.name,
        hasUniqueValue: true,
      };
      await client.call('POST', `/crm/v3/properties/${objectType}`, definition, there);
    }),
  ]);
}

/** The ids of what was made, in the order in which the data lists it. */
type Ids = Readonly<
  Record<'companies' | 'contacts' | 'deals' | 'programs' | 'tickets' | 'notes' | 'calls', readonly string[]>
>;

async function makeRecords(client: DemoClient, ownerIds: readonly string[], places: readonly Place[]): Promise<Ids> {
  const now = Date.now();
  const make = async (objectType: string, idProperty: string, rows: readonly Row[]) => {
    const ids = await client.upsert(objectType, idProperty, rows);
    return rows.map(({ id }) => ids.get(id) ?? '');
  };
  const [companies, contacts, deals, programs, tickets, notes, calls] = await Promise.all([
    make('companies', 'corporate_number', companyRows(ownerIds)),
    make('contacts', 'email', contactRows(ownerIds)),
    make('deals', 'advertiser_id', dealRows(ownerIds, now)),
    make('program_information', 'program_id', programRows()),
    make('tickets', demoKey, ticketRows(places, ownerIds)),
    make('notes', demoKey, noteRows(ownerIds, now)),
    make('calls', demoKey, callRows(ownerIds, now)),
  ]);
  return { companies, contacts, deals, programs, tickets, notes, calls };
}

async function associateRecords(client: DemoClient, ids: Ids): Promise<void> {
  const { companies, contacts, deals, programs, tickets, notes, calls } = ids;
  const companyAt = (position: number) => companies[Number(companyKeyOf(position)) - 1];
  const beside = (from: readonly string[], to: readonly string[], of = (position: number) => position) =>
    from.map((id, position) => [id, to[of(position) % to.length]] as const);
  const pairs: readonly (readonly [from: string, to: string, Parameters<DemoClient['associate']>[2]])[] = [
    ['contacts', 'companies', contacts.map((id, position) => [id, companyAt(position)] as const)],
    ['deals', 'contacts', beside(deals, contacts, (position) => position * 2)],
    ['deals', 'companies', deals.map((id, position) => [id, companies[position % 9]] as const)],
    ['tickets', 'contacts', beside(tickets, contacts)],
    ['tickets', 'deals', beside(tickets, deals)],
    ['notes', 'contacts', beside(notes, contacts)],
    ['notes', 'deals', beside(notes, deals)],
    ['calls', 'contacts', beside(calls, contacts, (position) => position * 3)],
    ['calls', 'deals', beside(calls, deals)],
    ['program_information', 'deals', beside(programs, deals, (position) => position * 2)],
  ];
  await Promise.all(pairs.map(([from, to, ids]) => client.associate(from, to, ids)));
}

async function makeEnquiry(client: DemoClient, ownerIds: readonly string[], places: readonly Place[]): Promise<void> {
  const place = places.find(({ label }) => label === enquiryPipeline);
  if (!place) throw new Error(`The installation has no pipeline ${enquiryPipeline}`);
  const { results } = await client.get<{ results: { id: string; name: string }[] }>('/marketing/v3/forms?limit=500');
  const form =
    results.find(({ name }) => name === enquiryForm.name) ??
    (await client.post<{ id: string }>('/marketing/v3/forms', enquiryForm));
  const inTurn = ownerIds.filter((_, position) => owners[position]?.team === '問合せチーム');
  await client.post('/automation/v4/flows', enquiryFlow({ formId: form.id, ...place, ownerIds: inTurn }));
}
