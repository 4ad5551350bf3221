import type { Client } from '@hubspot/api-client';

/** Calls an own path of the API as an administrator. */
export async function api<T = Record<string, unknown>>(
  local: Reach,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${local.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

export type Reach = {
  readonly apiUrl: string;
  readonly publicUrl: string;
  readonly localUrl: string;
  readonly accessToken: string;
  readonly portalId: number;
};

export type LandingPage = {
  readonly formId: string;
  readonly flowId: string;
  readonly pipelineId: string;
  readonly dealId: string;
  readonly ownerIds: readonly string[];
  readonly advertiserId: string;
};

const successPipeline = '【サクセス】問合せ対応';

/** The form, the flow of R34 (ticket, associations, owner in turn, Slack), a deal with a 広告主ID and two owners. */
export async function givenLandingPage(
  local: Reach,
  client: Client,
  advertiserId = 's00000012345678',
): Promise<LandingPage> {
  const ownerIds: string[] = [];
  for (const [lastName, firstName] of [
    ['佐藤', '花子'],
    ['鈴木', '一郎'],
  ] as const) {
    const email = `${crypto.randomUUID()}@example.co.jp`;
    const user = await api<{ id: string }>(local, 'POST', '/settings/v3/users', { email, firstName, lastName });
    const owners = await client.crm.owners.ownersApi.getPage(email);
    ownerIds.push(owners.results[0]?.id ?? user.id);
  }
  const deal = await client.crm.deals.basicApi.create({
    properties: {
      dealname: 'ランディングハブ',
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
      advertiser_id: advertiserId,
    },
    associations: [],
  });
  const pipelines = await client.crm.pipelines.pipelinesApi.getAll('tickets');
  const pipeline = pipelines.results.find(({ label }) => label === successPipeline);
  if (!pipeline?.stages[0]) throw new Error(`no pipeline ${successPipeline}`);
  const form = await client.marketing.forms.formsApi.create(enquiryForm as never);
  const flow = await api<{ id: string }>(
    local,
    'POST',
    '/automation/v4/flows',
    enquiryFlow(form.id, pipeline.id, pipeline.stages[0].id, ownerIds),
  );
  return { formId: form.id, flowId: flow.id, pipelineId: pipeline.id, dealId: deal.id, ownerIds, advertiserId };
}

const field = (name: string, label: string, fieldType = 'single_line_text', required = false) => ({
  objectTypeId: '0-1',
  name,
  label,
  required,
  hidden: false,
  fieldType,
  ...(fieldType === 'email' && { validation: { blockedEmailDomains: [], useDefaultBlockList: false } }),
});

const enquiryForm = {
  formType: 'hubspot',
  name: 'landinghub問い合わせフォーム',
  createdAt: new Date('2026-11-22T00:00:00.000Z'),
  updatedAt: new Date('2026-11-22T00:00:00.000Z'),
  archived: false,
  fieldGroups: [
    { groupType: 'default_group', richTextType: 'text', fields: [field('email', 'メールアドレス', 'email', true)] },
    { groupType: 'default_group', richTextType: 'text', fields: [field('lastname', '姓'), field('firstname', '名')] },
    {
      groupType: 'default_group',
      richTextType: 'text',
      fields: [field('advertiser_id', '広告主ID'), field('message', 'お問い合わせ内容', 'multi_line_text')],
    },
  ],
  configuration: {
    language: 'ja',
    cloneable: true,
    postSubmitAction: { type: 'thank_you', value: 'お問い合わせありがとうございました。' },
    editable: true,
    archivable: true,
    recaptchaEnabled: false,
    notifyContactOwner: false,
    notifyRecipients: [],
    createNewContactForNewEmail: false,
    prePopulateKnownValues: true,
    allowLinkToResetKnownValues: false,
    lifecycleStages: [],
  },
  displayOptions: { renderRawHtml: false, theme: 'default_style', submitButtonText: '送信', style: {}, cssClass: '' },
  legalConsentOptions: { type: 'none' },
};

const next = (id: string) => ({ edgeType: 'STANDARD', nextActionId: id });
const fixed = (staticValue: string) => ({ type: 'STATIC_VALUE', staticValue });

/** HubSpot's body of a flow: the form's submission makes a ticket, associates the deal, takes the owner in turn, tells Slack. */
function enquiryFlow(formId: string, pipelineId: string, stageId: string, ownerIds: readonly string[]) {
  const ticket = { type: 'ACTION_OUTPUT', actionId: '1' };
  return {
    type: 'CONTACT_FLOW',
    flowType: 'WORKFLOW',
    name: 'landinghub問い合わせフォーム_Slack通知_チケット生成',
    isEnabled: true,
    objectTypeId: '0-1',
    startActionId: '1',
    nextAvailableActionId: '5',
    actions: [
      {
        type: 'SINGLE_CONNECTION',
        actionId: '1',
        actionTypeId: '0-14',
        actionTypeVersion: 0,
        fields: {
          object_type_id: '0-5',
          properties: [
            { targetProperty: 'subject', value: fixed('お問い合わせ {{ enrolled_object.email }}') },
            { targetProperty: 'hs_pipeline', value: fixed(pipelineId) },
            { targetProperty: 'hs_pipeline_stage', value: fixed(stageId) },
          ],
          associations: [
            {
              target: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 16 },
              value: { type: 'ENROLLED_OBJECT' },
            },
          ],
        },
        connection: next('2'),
      },
      {
        type: 'SINGLE_CONNECTION',
        actionId: '2',
        actionTypeId: '0-63189541',
        actionTypeVersion: 0,
        fields: {
          fromObjectType: '0-5',
          toObjectType: '0-3',
          enrolledObjectPropertyNameToMatch: '0-1/advertiser_id',
          associatedObjectPropertyNameToMatch: '0-3/advertiser_id',
          target: ticket,
        },
        connection: next('3'),
      },
      {
        type: 'SINGLE_CONNECTION',
        actionId: '3',
        actionTypeId: '0-11',
        actionTypeVersion: 0,
        fields: {
          owner_ids: ownerIds,
          target_property: 'hubspot_owner_id',
          overwrite_current_owner: false,
          target: ticket,
        },
        connection: next('4'),
      },
      {
        type: 'SINGLE_CONNECTION',
        actionId: '4',
        actionTypeId: '1-179507819',
        actionTypeVersion: 0,
        fields: { text: '新しいお問い合わせ: {{ action_output.1.subject }} ({{ enrolled_object.lastname }} 様)' },
      },
    ],
    enrollmentCriteria: {
      type: 'EVENT_BASED',
      shouldReEnroll: true,
      eventFilterBranches: [
        {
          filterBranchType: 'UNIFIED_EVENTS',
          filterBranchOperator: 'AND',
          eventTypeId: '4-1639801',
          operator: 'HAS_COMPLETED',
          filterBranches: [],
          filters: [
            {
              filterType: 'PROPERTY',
              property: 'hs_form_id',
              operation: {
                operationType: 'ENUMERATION',
                operator: 'IS_ANY_OF',
                values: [formId],
                includeObjectsWithNoValueSet: false,
              },
            },
          ],
        },
      ],
      listMembershipFilterBranches: [],
    },
    enrollmentSchedule: undefined,
    timeWindows: [],
    blockedDates: [],
    customProperties: {},
    suppressionListIds: [],
    canEnrollFromSalesforce: false,
  };
}

/** Posts the form as a landing page on another origin does. */
export async function submit(
  local: Reach,
  { formId }: Pick<LandingPage, 'formId'>,
  values: Readonly<Record<string, string>>,
) {
  const response = await fetch(`${local.publicUrl}/submissions/v3/integration/submit/${local.portalId}/${formId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://lp.example.co.jp' },
    body: JSON.stringify({
      fields: Object.entries(values).map(([name, value]) => ({ objectTypeId: '0-1', name, value })),
      context: { pageUri: 'https://lp.example.co.jp/landing', pageName: 'ランディングページ' },
    }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

/** Tickets of the pipeline of the landing page. */
export async function ticketsOf(client: Client, { pipelineId }: Pick<LandingPage, 'pipelineId'>) {
  const tickets = await client.crm.tickets.getAll(100, undefined, ['subject', 'hs_pipeline', 'hubspot_owner_id']);
  return tickets.filter(({ properties }) => properties.hs_pipeline === pipelineId);
}

export const slackPosts = async (local: Reach) => {
  const response = await fetch(`${local.localUrl}/slack`, { headers: { accept: 'application/json' } });
  const answer = (await response.json()) as unknown;
  return (Array.isArray(answer) ? answer : ((answer as { results?: unknown[] }).results ?? [])) as {
    body: { text?: string } | string;
  }[];
};
