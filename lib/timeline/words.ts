export type Language = 'ja' | 'en';

/** What a timeline calls its entries. */
export type Words = {
  readonly created: string;
  readonly archived: string;
  readonly restored: string;
  readonly merged: string;
  readonly unmerged: string;
  readonly changed: (first: string, others: number) => string;
  readonly associated: (type: string) => string;
  readonly dissociated: (type: string) => string;
  readonly formSubmitted: string;
  readonly firstVisit: (page: string) => string;
  readonly pageViewed: (page: string) => string;
  readonly surveyAnswered: (score: number | undefined) => string;
  readonly listAdded: string;
  readonly listRemoved: string;
  readonly subscribed: string;
  readonly unsubscribed: string;
  readonly mail: Readonly<Record<string, string>>;
  readonly flowRun: Readonly<Record<string, string>>;
  readonly pushed: string;
  readonly pushFailed: string;
  readonly activity: Readonly<Record<string, string>>;
  readonly empty: string;
};

const ja: Words = {
  created: '作成',
  archived: 'アーカイブ',
  restored: '復元',
  merged: '統合',
  unmerged: '統合の取り消し',
  changed: (first, others) => (others > 0 ? `「${first}」ほか${others}項目を変更` : `「${first}」を変更`),
  associated: (type) => `${type}と関連付け`,
  dissociated: (type) => `${type}との関連付けを解除`,
  formSubmitted: 'フォーム送信',
  firstVisit: (page) => `初回訪問: ${page}`,
  pageViewed: (page) => `ページ閲覧: ${page}`,
  surveyAnswered: (score) => (score === undefined ? 'アンケート回答' : `アンケート回答(スコア ${score})`),
  listAdded: 'リストに追加',
  listRemoved: 'リストから除外',
  subscribed: '配信を希望',
  unsubscribed: '配信停止',
  mail: {
    sent: 'Eメールを送信',
    delivered: 'Eメールが到達',
    bounced: 'Eメールがバウンス',
    complained: '迷惑メールとして報告',
    opened: 'Eメールを開封',
    clicked: 'Eメールのリンクをクリック',
  },
  flowRun: {
    COMPLETED: 'ワークフロー完了',
    FAILED: 'ワークフロー失敗',
    STOPPED: 'ワークフロー停止',
  },
  pushed: 'Salesforceへ反映',
  pushFailed: 'Salesforceへの反映に失敗',
  activity: {
    note: 'メモ',
    email: 'Eメール',
    call: 'コール',
    meeting: 'ミーティング',
    task: 'タスク',
    communication: 'メッセージ',
    postal_mail: '郵便物',
  },
  empty: '(空)',
};

const en: Words = {
  created: 'Created',
  archived: 'Archived',
  restored: 'Restored',
  merged: 'Merged',
  unmerged: 'Merge undone',
  changed: (first, others) => (others > 0 ? `${first} and ${others} more changed` : `${first} changed`),
  associated: (type) => `Associated with a record of ${type}`,
  dissociated: (type) => `No longer associated with a record of ${type}`,
  formSubmitted: 'Form submitted',
  firstVisit: (page) => `First visit: ${page}`,
  pageViewed: (page) => `Page viewed: ${page}`,
  surveyAnswered: (score) => (score === undefined ? 'Survey answered' : `Survey answered (score ${score})`),
  listAdded: 'Added to a list',
  listRemoved: 'Removed from a list',
  subscribed: 'Subscribed',
  unsubscribed: 'Unsubscribed',
  mail: {
    sent: 'E-mail sent',
    delivered: 'E-mail delivered',
    bounced: 'E-mail bounced',
    complained: 'Reported as spam',
    opened: 'E-mail opened',
    clicked: 'Link in an e-mail clicked',
  },
  flowRun: { COMPLETED: 'Workflow completed', FAILED: 'Workflow failed', STOPPED: 'Workflow stopped' },
  pushed: 'Written to Salesforce',
  pushFailed: 'Could not be written to Salesforce',
  activity: {
    note: 'Note',
    email: 'E-mail',
    call: 'Call',
    meeting: 'Meeting',
    task: 'Task',
    communication: 'Message',
    postal_mail: 'Postal mail',
  },
  empty: '(empty)',
};

export const wordsOf = (language: Language): Words => (language === 'ja' ? ja : en);
