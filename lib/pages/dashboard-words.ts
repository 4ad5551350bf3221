import type { Language } from './words.ts';

type DashboardWords = {
  readonly period: string;
  readonly from: string;
  readonly to: string;
  readonly show: string;
  readonly total: string;
  readonly rest: string;
  readonly records: string;
  readonly noRecords: string;
  readonly noTiles: string;
  readonly gone: string;
  readonly counting: (done: string, total: string | undefined) => string;
  readonly asOf: (time: string) => string;
  readonly figures: (name: string) => string;
  readonly closed: string;
  readonly closedHint: string;
  readonly expired: string;
  readonly badPeriod: string;
  readonly notThere: string;
};

const ja: DashboardWords = {
  period: '期間',
  from: '開始日',
  to: '終了日',
  show: '表示',
  total: '合計',
  rest: 'その他',
  records: '件',
  noRecords: 'この期間のデータはありません。',
  noTiles: 'このダッシュボードにはまだレポートがありません。',
  gone: 'レポートは削除されました。',
  counting: (done, total) => `過去のレコードを集計しています（${total ? `${done} / ${total}` : done} 件）。`,
  asOf: (time) => `${time} 現在`,
  figures: (name) => `${name}の数値`,
  closed: 'このダッシュボードを見るにはリンクが必要です',
  closedHint:
    'ダッシュボードの管理者に共有リンクを依頼してください（POST /reports/v1/dashboards/{id}/share）。アクセストークンをお持ちの場合は Authorization: Bearer ヘッダーでも開けます。',
  expired: '共有リンクの有効期限が切れました',
  badPeriod: '期間の日付が正しくありません。',
  notThere: 'ダッシュボードが削除されたか、アドレスが正しくない可能性があります。',
};

const en: DashboardWords = {
  period: 'Period',
  from: 'From',
  to: 'To',
  show: 'Show',
  total: 'Total',
  rest: 'Others',
  records: 'records',
  noRecords: 'There are no data in this period.',
  noTiles: 'This dashboard has no reports yet.',
  gone: 'The report was deleted.',
  counting: (done, total) => `Earlier records are still being counted (${total ? `${done} of ${total}` : done}).`,
  asOf: (time) => `As of ${time}`,
  figures: (name) => `Figures of ${name}`,
  closed: 'You need a link to see this dashboard',
  closedHint:
    'Ask whoever keeps the dashboard for a shared link (POST /reports/v1/dashboards/{id}/share). With an access token the header Authorization: Bearer opens it, too.',
  expired: 'The shared link has expired',
  badPeriod: 'The dates of the period are not valid.',
  notThere: 'The dashboard may have been deleted, or the address is not right.',
};

/** The fixed words of dashboards; names and labels come from the reports. */
export const dashboardWords = (language: Language): DashboardWords => (language === 'ja' ? ja : en);
