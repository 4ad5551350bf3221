/** What is fixed about an object type that HubSpot defines. Its properties stand in `standard-properties/`. */
export type StandardType = {
  readonly objectTypeId: string;
  /** The plural, HubSpot's path name. */
  readonly name: string;
  readonly singular: string;
  /** The word in scopes: `crm.objects.{scope}.read`. */
  readonly scope: string;
  readonly labels: { readonly singular: string; readonly plural: string };
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  /** Whether clients may say when the record came into being: deals and tickets are often older than their entry here. */
  readonly createdIsSettable: boolean;
  /** `a|b`: one of the two must be set on create. */
  readonly requiredProperties: readonly string[];
  /** Returned when a read names no properties. */
  readonly defaultProperties: readonly string[];
  readonly searchableProperties: readonly string[];
  readonly primaryDisplayProperty: string;
  readonly pipeline?: { readonly pipelineProperty: string; readonly stageProperty: string };
};

type Facts = {
  readonly singular?: string;
  readonly scope?: string;
  readonly labels: readonly [singular: string, plural: string];
  readonly created?: 'createdate' | 'hs_createdate';
  readonly modified?: 'lastmodifieddate';
  readonly createdIsSettable?: true;
  readonly required?: readonly string[];
  readonly defaults?: readonly string[];
  readonly searches?: readonly string[];
  readonly display?: string;
  readonly pipeline?: StandardType['pipeline'];
};

const ticketLike = { pipelineProperty: 'hs_pipeline', stageProperty: 'hs_pipeline_stage' };

/** HubSpot's engagements: their scope is that of contacts, their creation date has the prefix. */
const engagement = { scope: 'contacts', created: 'hs_createdate' } as const;

function standard(objectTypeId: string, name: string, facts: Facts): StandardType {
  const created = facts.created ?? 'createdate';
  const modified = facts.modified ?? 'hs_lastmodifieddate';
  return {
    objectTypeId,
    name,
    singular: facts.singular ?? name.replace(/s$/, ''),
    scope: facts.scope ?? name,
    labels: { singular: facts.labels[0], plural: facts.labels[1] },
    createdProperty: created,
    modifiedProperty: modified,
    createdIsSettable: facts.createdIsSettable ?? false,
    requiredProperties: facts.required ?? [],
    defaultProperties: [...(facts.defaults ?? []), created, modified, 'hs_object_id'],
    searchableProperties: facts.searches ?? [],
    primaryDisplayProperty: facts.display ?? 'hs_object_id',
    ...(facts.pipeline && { pipeline: facts.pipeline }),
  };
}

/** HubSpot's object types with its ids, required, default and searched properties. */
export const standardTypes: readonly StandardType[] = [
  standard('0-1', 'contacts', {
    labels: ['コンタクト', 'コンタクト'],
    modified: 'lastmodifieddate',
    defaults: ['firstname', 'lastname', 'email'],
    searches: [
      'firstname',
      'lastname',
      'email',
      'phone',
      'hs_additional_emails',
      'fax',
      'mobilephone',
      'company',
      'hs_marketable_until_renewal',
    ],
    display: 'email',
  }),
  standard('0-2', 'companies', {
    singular: 'company',
    labels: ['会社', '会社'],
    required: ['domain|name'],
    defaults: ['name', 'domain'],
    searches: ['website', 'phone', 'name', 'domain'],
    display: 'name',
  }),
  standard('0-3', 'deals', {
    createdIsSettable: true,
    labels: ['取引', '取引'],
    required: ['dealname', 'dealstage', 'pipeline'],
    defaults: ['dealname', 'amount', 'closedate', 'pipeline', 'dealstage'],
    searches: ['dealname', 'pipeline', 'dealstage', 'description', 'dealtype'],
    display: 'dealname',
    pipeline: { pipelineProperty: 'pipeline', stageProperty: 'dealstage' },
  }),
  standard('0-5', 'tickets', {
    createdIsSettable: true,
    labels: ['チケット', 'チケット'],
    required: ['subject', 'hs_pipeline', 'hs_pipeline_stage'],
    defaults: ['content', 'hs_pipeline', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_ticket_priority', 'subject'],
    searches: ['subject', 'content', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_ticket_id'],
    display: 'subject',
    pipeline: ticketLike,
  }),
  standard('0-7', 'products', {
    scope: 'e-commerce',
    labels: ['商品', '商品'],
    defaults: ['name', 'description', 'price'],
    searches: ['name', 'description', 'price', 'hs_sku'],
    display: 'name',
  }),
  standard('0-8', 'line_items', {
    labels: ['商品項目', '商品項目'],
    defaults: ['quantity', 'amount', 'price'],
    display: 'name',
  }),
  standard('0-14', 'quotes', {
    labels: ['見積もり', '見積もり'],
    created: 'hs_createdate',
    required: ['hs_title', 'hs_expiration_date'],
    defaults: ['hs_expiration_date', 'hs_public_url_key', 'hs_status', 'hs_title'],
    searches: [
      'hs_sender_firstname',
      'hs_sender_lastname',
      'hs_proposal_slug',
      'hs_title',
      'hs_sender_company_name',
      'hs_sender_email',
      'hs_quote_number',
      'hs_public_url_key',
    ],
    display: 'hs_title',
  }),
  standard('0-18', 'communications', {
    ...engagement,
    labels: ['コミュニケーション', 'コミュニケーション'],
    required: ['hs_timestamp', 'hs_communication_channel_type'],
  }),
  standard('0-19', 'feedback_submissions', {
    labels: ['フィードバック', 'フィードバック'],
    created: 'hs_createdate',
    searches: ['hs_submission_name', 'hs_content'],
    display: 'hs_submission_name',
  }),
  standard('0-27', 'tasks', {
    ...engagement,
    labels: ['タスク', 'タスク'],
    required: ['hs_timestamp'],
    searches: ['hs_task_body', 'hs_task_subject'],
    display: 'hs_task_subject',
  }),
  standard('0-46', 'notes', {
    ...engagement,
    labels: ['メモ', 'メモ'],
    required: ['hs_timestamp'],
    searches: ['hs_note_body'],
    display: 'hs_note_body',
  }),
  standard('0-47', 'meetings', {
    ...engagement,
    labels: ['ミーティング', 'ミーティング'],
    required: ['hs_timestamp'],
    searches: ['hs_meeting_title', 'hs_meeting_body'],
    display: 'hs_meeting_title',
  }),
  standard('0-48', 'calls', {
    ...engagement,
    labels: ['コール', 'コール'],
    required: ['hs_timestamp'],
    searches: ['hs_call_title', 'hs_body_preview'],
    display: 'hs_call_title',
  }),
  standard('0-49', 'emails', {
    ...engagement,
    labels: ['Eメール', 'Eメール'],
    required: ['hs_timestamp', 'hs_email_direction'],
    searches: ['hs_email_subject'],
    display: 'hs_email_subject',
  }),
  standard('0-53', 'invoices', { labels: ['請求書', '請求書'], required: ['hs_currency'] }),
  standard('0-54', 'marketing_events', {
    labels: ['マーケティングイベント', 'マーケティングイベント'],
    display: 'hs_event_name',
  }),
  standard('0-69', 'subscriptions', {
    labels: ['サブスクリプション', 'サブスクリプション'],
    created: 'hs_createdate',
    required: ['hs_name'],
    display: 'hs_name',
  }),
  standard('0-74', 'goal_targets', {
    scope: 'goals',
    labels: ['目標', '目標'],
    created: 'hs_createdate',
    display: 'hs_goal_name',
  }),
  standard('0-84', 'discounts', { labels: ['割引', '割引'], display: 'hs_label' }),
  standard('0-85', 'fees', { labels: ['手数料', '手数料'], display: 'hs_label' }),
  standard('0-86', 'taxes', { singular: 'tax', labels: ['税', '税'], display: 'hs_label' }),
  standard('0-101', 'commerce_payments', { scope: 'commercepayments', labels: ['支払い', '支払い'] }),
  standard('0-115', 'users', { labels: ['ユーザー', 'ユーザー'], created: 'hs_createdate', display: 'hs_name' }),
  standard('0-116', 'postal_mail', { ...engagement, labels: ['郵便物', '郵便物'], required: ['hs_timestamp'] }),
  standard('0-123', 'orders', { labels: ['注文', '注文'], required: ['hs_order_name'], display: 'hs_order_name' }),
  standard('0-136', 'leads', {
    labels: ['リード', 'リード'],
    required: ['hs_lead_name'],
    display: 'hs_lead_name',
    pipeline: ticketLike,
  }),
  standard('0-142', 'carts', { labels: ['カート', 'カート'], display: 'hs_cart_name' }),
  standard('0-162', 'services', {
    labels: ['サービス', 'サービス'],
    required: ['hs_name', 'hs_pipeline', 'hs_pipeline_stage'],
    display: 'hs_name',
    pipeline: ticketLike,
  }),
  standard('0-410', 'courses', {
    labels: ['コース', 'コース'],
    required: ['hs_course_name'],
    display: 'hs_course_name',
  }),
  standard('0-420', 'listings', { labels: ['物件', '物件'], required: ['hs_name'], display: 'hs_name' }),
  standard('0-421', 'appointments', {
    labels: ['予約', '予約'],
    required: ['hs_appointment_name'],
    display: 'hs_appointment_name',
  }),
  standard('0-970', 'projects', {
    labels: ['プロジェクト', 'プロジェクト'],
    required: ['hs_name', 'hs_pipeline', 'hs_pipeline_stage'],
    display: 'hs_name',
    pipeline: ticketLike,
  }),
];

/** Other words that HubSpot's paths use for a type. */
const aliases: Readonly<Record<string, string>> = { payments: '0-101', payment: '0-101', goals: '0-74', goal: '0-74' };

const bySegment: ReadonlyMap<string, StandardType> = new Map([
  ...standardTypes.flatMap((type) =>
    [type.objectTypeId, type.name, type.singular].map((word) => [word, type] as const),
  ),
  ...Object.entries(aliases).flatMap(([word, id]) =>
    standardTypes.filter((type) => type.objectTypeId === id).map((type) => [word, type] as const),
  ),
]);

/** The standard type that a path segment names: plural, singular, type id, any letter case. */
export const standardTypeOf = (segment: string): StandardType | undefined => bySegment.get(segment.toLowerCase());

/** The word that a scope has for a path segment; types that we do not know are custom ones. */
export const scopeNameOf = (segment: string): string => standardTypeOf(segment)?.scope ?? 'custom';
