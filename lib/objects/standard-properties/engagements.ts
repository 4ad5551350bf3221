import { ownerProperties } from './common.ts';
import { group, type StandardProperty } from './property.ts';

const every = (groupName: string): readonly StandardProperty[] => {
  const { datetime, text, textarea } = group(groupName);
  return [
    datetime('hs_timestamp', 'アクティビティー日'),
    text('hs_attachment_ids', '添付ファイルID'),
    textarea('hs_body_preview', '本文のプレビュー', { readOnly: true }),
    text('hs_engagement_source', 'アクティビティーのソース', { readOnly: true }),
    ...ownerProperties(groupName, 'アクティビティーの担当者'),
  ];
};

const note = group('note');
/** What a dealing is written down by: each heading is a value of its own, so that all decisions of a deal are one search. */
export const noteProperties = [
  ...every('note'),
  note.html('hs_note_body', 'メモの本文'),
  note.text('contact_means', '連絡手段', { indexed: true }),
  note.text('contact_point', '連絡先'),
  note.text('person_in_charge', '担当者'),
  note.textarea('conversation', '会話内容'),
  note.textarea('decisions', '決定事項'),
  note.textarea('shared_items', '共有事項'),
];

const call = group('call');
export const callProperties = [
  ...every('call'),
  call.text('hs_call_title', 'コールのタイトル', { indexed: true }),
  call.html('hs_call_body', 'コールのメモ'),
  call.select('hs_call_direction', 'コールの方向', [
    ['INBOUND', '着信'],
    ['OUTBOUND', '発信'],
  ]),
  call.select('hs_call_disposition', 'コールの結果', [
    ['f240bbac-87c9-4f6e-bf70-924b57d47db7', 'つながった'],
    ['9d9162e7-6cf3-4944-bf63-4dff82258764', '話し中'],
    ['b2cf5968-551e-4856-9783-52b3da59a7d0', '留守電を残した'],
    ['a4c4c377-d246-4b32-a13b-75a56a4cd0ff', '伝言を残した'],
    ['73a0d17f-1163-4015-bdd5-ec830791da20', '応答なし'],
    ['17b47fee-58de-441e-a44c-c6300d46f273', '番号違い'],
  ]),
  call.number('hs_call_duration', 'コールの時間(ミリ秒)'),
  call.text('hs_call_from_number', '発信元の番号', { indexed: true }),
  call.text('hs_call_to_number', '発信先の番号', { indexed: true }),
  call.text('hs_call_callee_object_id', '通話相手のレコードID'),
  call.text('hs_call_callee_object_type_id', '通話相手のオブジェクトタイプ'),
  call.text('hs_call_recording_url', '録音のURL'),
  call.select('hs_call_status', 'コールのステータス', [
    ['BUSY', '話し中'],
    ['CALLING_CRM_USER', 'ユーザーを呼び出し中'],
    ['CANCELED', 'キャンセル'],
    ['COMPLETED', '完了'],
    ['CONNECTING', '接続中'],
    ['FAILED', '失敗'],
    ['IN_PROGRESS', '通話中'],
    ['MISSED', '不在着信'],
    ['NO_ANSWER', '応答なし'],
    ['QUEUED', '待機中'],
    ['RINGING', '呼び出し中'],
  ]),
  call.text('hs_activity_type', 'コールとミーティングの種別'),
];

const email = group('email');
export const emailProperties = [
  ...every('email'),
  email.select('hs_email_direction', 'Eメールの方向', [
    ['EMAIL', '送信'],
    ['INCOMING_EMAIL', '受信'],
    ['FORWARDED_EMAIL', '転送'],
    ['DRAFT_EMAIL', '下書き'],
  ]),
  email.text('hs_email_subject', 'Eメールの件名', { indexed: true }),
  email.textarea('hs_email_text', 'Eメールの本文'),
  email.html('hs_email_html', 'Eメールの本文(HTML)'),
  email.textarea('hs_email_headers', 'Eメールのヘッダー'),
  email.text('hs_email_from_email', '送信元アドレス', { readOnly: true, indexed: true }),
  email.text('hs_email_from_firstname', '送信元の名', { readOnly: true }),
  email.text('hs_email_from_lastname', '送信元の姓', { readOnly: true }),
  email.text('hs_email_to_email', '送信先アドレス', { readOnly: true }),
  email.text('hs_email_cc_email', 'CC', { readOnly: true }),
  email.text('hs_email_bcc_email', 'BCC', { readOnly: true }),
  email.text('hs_email_thread_id', 'スレッドID', { indexed: true }),
  email.text('hs_email_message_id', 'メッセージID', { indexed: true }),
  email.select('hs_email_status', 'Eメールの送信ステータス', [
    ['BOUNCED', 'バウンス'],
    ['FAILED', '失敗'],
    ['SCHEDULED', '予約済み'],
    ['SENDING', '送信中'],
    ['SENT', '送信済み'],
  ]),
  email.number('hs_email_open_count', '開封数', { readOnly: true, indexed: false }),
  email.number('hs_email_click_count', 'クリック数', { readOnly: true, indexed: false }),
];

const task = group('task');
export const taskProperties = [
  ...every('task'),
  task.text('hs_task_subject', 'タスクのタイトル', { indexed: true }),
  task.html('hs_task_body', 'タスクのメモ'),
  task.select('hs_task_status', 'タスクのステータス', [
    ['NOT_STARTED', '未開始'],
    ['IN_PROGRESS', '進行中'],
    ['WAITING', '待機中'],
    ['DEFERRED', '延期'],
    ['COMPLETED', '完了'],
  ]),
  task.select('hs_task_priority', '優先度', [
    ['NONE', 'なし'],
    ['LOW', '低'],
    ['MEDIUM', '中'],
    ['HIGH', '高'],
  ]),
  task.select('hs_task_type', 'タスクの種別', [
    ['TODO', 'ToDo'],
    ['EMAIL', 'Eメール'],
    ['CALL', 'コール'],
  ]),
  task.text('hs_task_reminders', 'リマインダー'),
  task.datetime('hs_task_completion_date', '完了日', { indexed: false }),
  task.text('hs_queue_membership_ids', 'キュー'),
];

const meeting = group('meeting');
export const meetingProperties = [
  ...every('meeting'),
  meeting.text('hs_meeting_title', 'ミーティング名', { indexed: true }),
  meeting.html('hs_meeting_body', 'ミーティングの説明'),
  meeting.html('hs_internal_meeting_notes', '社内メモ'),
  meeting.text('hs_meeting_external_url', '外部URL'),
  meeting.text('hs_meeting_location', '場所'),
  meeting.datetime('hs_meeting_start_time', '開始時刻'),
  meeting.datetime('hs_meeting_end_time', '終了時刻'),
  meeting.select('hs_meeting_outcome', 'ミーティングの結果', [
    ['SCHEDULED', '予定'],
    ['COMPLETED', '完了'],
    ['RESCHEDULED', '日程変更'],
    ['NO_SHOW', '無断欠席'],
    ['CANCELED', 'キャンセル'],
  ]),
  meeting.text('hs_activity_type', 'コールとミーティングの種別'),
];
