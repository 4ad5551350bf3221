/** The name by which the demo is known to be loaded: the flow is made last. */
export const enquiryFlowName = 'landinghub問い合わせフォーム_Slack通知_チケット生成';
export const enquiryPipeline = '【サクセス】問合せ対応';

const field = (name: string, label: string, fieldType: string, required = false) => ({
  objectTypeId: '0-1',
  name,
  label,
  fieldType,
  required,
  hidden: false,
  dependentFields: [],
  ...(fieldType === 'email' && { validation: { useDefaultBlockList: false, blockedEmailDomains: [] } }),
});

const group = (...fields: readonly unknown[]) => ({ groupType: 'default_group', richTextType: 'text', fields });

export const enquiryForm = {
  formType: 'hubspot',
  name: 'landinghub問い合わせフォーム',
  fieldGroups: [
    group(field('lastname', '姓', 'single_line_text', true), field('firstname', '名', 'single_line_text', true)),
    group(field('company', '会社名', 'single_line_text'), field('email', 'メールアドレス', 'email', true)),
    group(field('phone', '電話番号', 'phone')),
    group(
      field('advertiser_id', '広告主ID', 'single_line_text'),
      field('message', 'お問い合わせ内容', 'multi_line_text', true),
    ),
  ],
  configuration: {
    language: 'ja',
    postSubmitAction: { type: 'thank_you', value: 'お問い合わせありがとうございました。担当者よりご連絡いたします。' },
  },
  displayOptions: { submitButtonText: '送信する' },
  legalConsentOptions: { type: 'none' },
};

type FlowParts = {
  readonly formId: string;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly ownerIds: readonly string[];
};

const fixed = (staticValue: string) => ({ type: 'STATIC_VALUE', staticValue });
const action = (actionId: string, actionTypeId: string, fields: Record<string, unknown>, nextActionId?: string) => ({
  type: 'SINGLE_CONNECTION',
  actionId,
  actionTypeId,
  actionTypeVersion: 0,
  fields,
  ...(nextActionId && { connection: { edgeType: 'STANDARD', nextActionId } }),
});

/** A submission makes a ticket for the contact, finds the deal by 広告主ID, takes the next owner in turn and tells Slack. */
export const enquiryFlow = ({ formId, pipelineId, stageId, ownerIds }: FlowParts) => ({
  type: 'CONTACT_FLOW',
  flowType: 'WORKFLOW',
  name: enquiryFlowName,
  isEnabled: true,
  objectTypeId: '0-1',
  startActionId: '1',
  nextAvailableActionId: '5',
  actions: [
    action('1', '0-14', ticketFields(pipelineId, stageId), '2'),
    action('2', '0-63189541', { ...dealByAdvertiser, target: ticket }, '3'),
    action(
      '3',
      '0-11',
      { owner_ids: ownerIds, target_property: 'hubspot_owner_id', overwrite_current_owner: false, target: ticket },
      '4',
    ),
    action('4', '1-179507819', {
      text: '新しいお問い合わせ: {{ action_output.1.subject }} ({{ enrolled_object.email }})',
    }),
  ],
  enrollmentCriteria: {
    type: 'EVENT_BASED',
    shouldReEnroll: true,
    eventFilterBranches: [submissionOf(formId)],
    listMembershipFilterBranches: [],
  },
  timeWindows: [],
  blockedDates: [],
  customProperties: {},
  suppressionListIds: [],
  canEnrollFromSalesforce: false,
});

const ticket = { type: 'ACTION_OUTPUT', actionId: '1' };

const ticketFields = (pipelineId: string, stageId: string) => ({
  object_type_id: '0-5',
  properties: [
    {
      targetProperty: 'subject',
      value: fixed('お問い合わせ {{ enrolled_object.lastname }} {{ enrolled_object.firstname }} 様'),
    },
    { targetProperty: 'content', value: fixed('{{ enrolled_object.message }}') },
    { targetProperty: 'source_type', value: fixed('FORM') },
    { targetProperty: 'hs_pipeline', value: fixed(pipelineId) },
    { targetProperty: 'hs_pipeline_stage', value: fixed(stageId) },
  ],
  associations: [
    { target: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 16 }, value: { type: 'ENROLLED_OBJECT' } },
  ],
});

const dealByAdvertiser = {
  fromObjectType: '0-5',
  toObjectType: '0-3',
  enrolledObjectPropertyNameToMatch: '0-1/advertiser_id',
  associatedObjectPropertyNameToMatch: '0-3/advertiser_id',
};

const submissionOf = (formId: string) => ({
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
});
