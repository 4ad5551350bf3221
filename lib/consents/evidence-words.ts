import type { Language } from '../pages/words.ts';
import type { ConsentEntry, ConsentSource } from './entry.ts';

type EvidenceWords = {
  readonly title: string;
  readonly lead: string;
  readonly address: string;
  readonly madeAt: string;
  readonly standing: string;
  readonly kind: string;
  readonly state: string;
  readonly yes: string;
  readonly no: string;
  readonly history: string;
  readonly at: string;
  readonly what: string;
  readonly source: string;
  readonly shown: string;
  readonly basis: string;
  readonly none: string;
  readonly all: string;
  readonly data: string;
  readonly more: string;
  readonly kinds: Readonly<Record<ConsentEntry['kind'], string>>;
  readonly sources: Readonly<Record<ConsentSource['kind'], string>>;
  readonly details: Readonly<
    Record<'formId' | 'formVersion' | 'submissionId' | 'pageUri' | 'sendId' | 'actor', string>
  >;
};

const ja: EvidenceWords = {
  title: '同意記録の証明',
  lead: '特定電子メールの送信の適正化等に関する法律に基づく同意の記録です。',
  address: 'メールアドレス',
  madeAt: '出力日時',
  standing: '現在の配信可否',
  kind: 'メールの種類',
  state: '配信',
  yes: '可',
  no: '不可',
  history: '記録（新しい順）',
  at: '日時',
  what: '内容',
  source: '取得元',
  shown: '表示した文言',
  basis: '根拠',
  none: 'このメールアドレスの記録はありません。',
  all: 'すべてのメール',
  data: '個人情報の取り扱い',
  more: 'これより前の記録は次のページにあります。',
  kinds: { GIVEN: '同意', CONFIRMED: '確認（ダブルオプトイン）', REFUSED: '同意なし', WITHDRAWN: '配信停止' },
  sources: {
    FORM: 'フォーム',
    PAGE: '配信設定ページ',
    ONE_CLICK: 'メールソフトの配信停止ボタン',
    API: 'API',
    IMPORT: 'インポート',
    CONFIRMATION: '確認メールのリンク',
  },
  details: {
    formId: 'フォーム',
    formVersion: '版',
    submissionId: '送信',
    pageUri: 'ページ',
    sendId: '配信',
    actor: '操作者',
  },
};

const en: EvidenceWords = {
  title: 'Record of consent',
  lead: 'What this address agreed to, refused and took back, with the texts that were shown.',
  address: 'E-mail address',
  madeAt: 'Printed at',
  standing: 'What holds now',
  kind: 'Kind of mail',
  state: 'Mail',
  yes: 'may be sent',
  no: 'must not be sent',
  history: 'Records, newest first',
  at: 'Time',
  what: 'What',
  source: 'Source',
  shown: 'Text shown',
  basis: 'Legal basis',
  none: 'There is no record of this address.',
  all: 'All mail',
  data: 'Use of data',
  more: 'Earlier records are on the next page.',
  kinds: { GIVEN: 'agreed', CONFIRMED: 'confirmed (double opt-in)', REFUSED: 'not agreed', WITHDRAWN: 'taken back' },
  sources: {
    FORM: 'form',
    PAGE: 'preferences page',
    ONE_CLICK: "mail program's unsubscribe button",
    API: 'API',
    IMPORT: 'import',
    CONFIRMATION: 'link of the confirmation mail',
  },
  details: {
    formId: 'form',
    formVersion: 'version',
    submissionId: 'submission',
    pageUri: 'page',
    sendId: 'send',
    actor: 'by',
  },
};

export const evidenceWords = (language: Language): EvidenceWords => (language === 'ja' ? ja : en);
