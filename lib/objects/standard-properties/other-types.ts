import { ownerProperties, pipelineProperties } from './common.ts';
import { group, type StandardProperty } from './property.ts';

const product = group('productinformation');
const lineItem = group('lineiteminformation');
const quote = group('quoteinformation');
const lead = group('leadinformation');
const event = group('marketingeventinformation');
const feedback = group('feedbackinformation');
const communication = group('communication');
const postal = group('postal_mail');
const invoice = group('invoiceinformation');
const user = group('userinformation');

const named = (groupName: string, name: string, label: string): readonly StandardProperty[] => [
  group(groupName).text(name, label, { indexed: true }),
  ...ownerProperties(groupName),
];

const adjustment = (groupName: string): readonly StandardProperty[] => [
  group(groupName).text('hs_label', '名称', { indexed: true }),
  group(groupName).select('hs_type', '種別', [
    ['FIXED', '固定額'],
    ['PERCENT', '割合'],
  ]),
  group(groupName).number('hs_value', '値'),
];

/** The core of the types that this product does not build on, so that clients may keep such records. */
export const otherProperties: Readonly<Record<string, readonly StandardProperty[]>> = {
  '0-7': [
    product.text('name', '商品名', { indexed: true }),
    product.textarea('description', '商品の説明'),
    product.number('price', '単価', { showCurrencySymbol: true }),
    product.text('hs_sku', 'SKU', { indexed: true }),
    product.number('hs_cost_of_goods_sold', '原価', { indexed: false }),
    product.text('recurringbillingfrequency', '請求頻度'),
    ...ownerProperties('productinformation'),
  ],
  '0-8': [
    lineItem.text('name', '商品名', { indexed: true }),
    lineItem.textarea('description', '説明'),
    lineItem.number('hs_product_id', '商品ID'),
    lineItem.number('quantity', '数量'),
    lineItem.number('price', '単価', { showCurrencySymbol: true }),
    lineItem.number('amount', '金額', { showCurrencySymbol: true }),
    lineItem.number('discount', '割引額', { indexed: false }),
    lineItem.text('hs_sku', 'SKU'),
    lineItem.text('hs_line_item_currency_code', '通貨'),
  ],
  '0-14': [
    quote.text('hs_title', '見積もり名', { indexed: true }),
    quote.datetime('hs_expiration_date', '有効期限'),
    quote.text('hs_status', 'ステータス', { indexed: true }),
    quote.text('hs_public_url_key', '公開URLキー', { readOnly: true }),
    quote.text('hs_quote_number', '見積もり番号', { indexed: true }),
    quote.text('hs_currency', '通貨'),
    quote.text('hs_language', '言語'),
    quote.text('hs_proposal_slug', 'スラッグ'),
    quote.text('hs_sender_firstname', '送信者の名'),
    quote.text('hs_sender_lastname', '送信者の姓'),
    quote.text('hs_sender_email', '送信者のEメール'),
    quote.text('hs_sender_company_name', '送信者の会社名'),
    ...ownerProperties('quoteinformation'),
  ],
  '0-18': [
    communication.datetime('hs_timestamp', 'アクティビティー日'),
    communication.select('hs_communication_channel_type', 'チャネル', [
      ['WHATS_APP', 'WhatsApp'],
      ['LINKEDIN_MESSAGE', 'LinkedIn'],
      ['SMS', 'SMS'],
    ]),
    communication.text('hs_communication_logged_from', '記録元'),
    communication.html('hs_communication_body', '本文'),
    ...ownerProperties('communication'),
  ],
  '0-19': [
    feedback.text('hs_submission_name', '回答名', { indexed: true }),
    feedback.textarea('hs_content', '回答'),
    feedback.number('hs_value', '評価'),
    feedback.text('hs_survey_id', 'アンケートID', { indexed: true }),
    feedback.text('hs_survey_type', 'アンケートの種別', { indexed: true }),
    feedback.datetime('hs_submission_timestamp', '回答日時'),
    feedback.text('hs_survey_name', 'アンケート名', { indexed: true }),
    feedback.text('hs_survey_channel', '回答の経路'),
    feedback.text('hs_industry_standard_question_type', '標準の質問の種別'),
    feedback.select('hs_response_group', '回答の分類', [
      ['PROMOTER', '推奨者'],
      ['PASSIVE', '中立者'],
      ['DETRACTOR', '批判者'],
      ['POSITIVE', '肯定的'],
      ['NEUTRAL', 'どちらでもない'],
      ['NEGATIVE', '否定的'],
    ]),
    feedback.text('hs_ingestion_id', '招待ID', { indexed: true }),
    feedback.textarea('survey_answers', 'すべての回答（JSON）', {
      description: '質問のIDごとの回答',
      indexed: false,
    }),
  ],
  '0-53': [
    invoice.text('hs_currency', '通貨'),
    invoice.text('hs_number', '請求書番号', { indexed: true }),
    invoice.text('hs_title', '請求書名', { indexed: true }),
    invoice.date('hs_invoice_date', '請求日'),
    invoice.date('hs_due_date', '支払期限'),
    invoice.number('hs_amount_billed', '請求額'),
    invoice.text('hs_invoice_status', 'ステータス', { indexed: true }),
    ...ownerProperties('invoiceinformation'),
  ],
  '0-54': [
    event.text('hs_event_name', 'イベント名', { indexed: true }),
    event.text('hs_event_type', 'イベント種別'),
    event.textarea('hs_event_description', '説明'),
    event.datetime('hs_start_datetime', '開始日時'),
    event.datetime('hs_end_datetime', '終了日時'),
    event.text('hs_event_organizer', '主催者'),
    event.text('hs_event_url', 'URL'),
  ],
  '0-69': named('subscriptioninformation', 'hs_name', 'サブスクリプション名'),
  '0-74': named('goalinformation', 'hs_goal_name', '目標名'),
  '0-84': adjustment('discountinformation'),
  '0-85': adjustment('feeinformation'),
  '0-86': adjustment('taxinformation'),
  '0-101': [
    group('paymentinformation').text('hs_customer_email', '支払者のEメール', { indexed: true }),
    group('paymentinformation').number('hs_initial_amount', '金額'),
    group('paymentinformation').text('hs_currency_code', '通貨'),
    group('paymentinformation').datetime('hs_initiated_date', '支払日'),
    group('paymentinformation').text('hs_latest_status', 'ステータス', { indexed: true }),
  ],
  '0-115': [
    user.text('hs_name', '氏名', { indexed: true }),
    user.text('hs_email', 'Eメール', { indexed: true, readOnly: true }),
    user.text('hs_job_title', '役職'),
    user.text('hs_working_hours', '勤務時間'),
    user.text('hs_standard_time_zone', 'タイムゾーン'),
    user.select('hs_availability_status', '対応可否', [
      ['available', '対応可'],
      ['away', '離席中'],
    ]),
    user.text('hs_out_of_office_hours', '不在時間'),
  ],
  '0-116': [
    postal.datetime('hs_timestamp', 'アクティビティー日'),
    postal.html('hs_postal_mail_body', '本文'),
    ...ownerProperties('postal_mail'),
  ],
  '0-123': [
    ...named('orderinformation', 'hs_order_name', '注文名'),
    group('orderinformation').number('hs_total_price', '合計金額'),
    group('orderinformation').text('hs_currency_code', '通貨'),
    group('orderinformation').text('hs_external_order_id', '外部の注文ID', { indexed: true }),
  ],
  '0-136': [
    lead.text('hs_lead_name', 'リード名', { indexed: true }),
    lead.select('hs_lead_type', 'リード種別', [
      ['NEW_BUSINESS', '新規'],
      ['RE_ATTEMPTING', '再アプローチ'],
      ['UPSELL', 'アップセル'],
      ['OTHER', 'その他'],
    ]),
    lead.select('hs_lead_label', 'リードの温度感', [
      ['HOT', '高'],
      ['WARM', '中'],
      ['COLD', '低'],
    ]),
    ...pipelineProperties('leadinformation'),
    ...ownerProperties('leadinformation'),
  ],
  '0-142': [
    ...named('cartinformation', 'hs_cart_name', 'カート名'),
    group('cartinformation').text('hs_external_cart_id', '外部のカートID', { indexed: true }),
    group('cartinformation').number('hs_total_price', '合計金額'),
  ],
  '0-162': [...named('serviceinformation', 'hs_name', 'サービス名'), ...pipelineProperties('serviceinformation')],
  '0-410': named('courseinformation', 'hs_course_name', 'コース名'),
  '0-420': named('listinginformation', 'hs_name', '物件名'),
  '0-421': [
    ...named('appointmentinformation', 'hs_appointment_name', '予約名'),
    group('appointmentinformation').datetime('hs_appointment_start', '開始時刻'),
    group('appointmentinformation').datetime('hs_appointment_end', '終了時刻'),
  ],
  '0-970': [...named('projectinformation', 'hs_name', 'プロジェクト名'), ...pipelineProperties('projectinformation')],
};
