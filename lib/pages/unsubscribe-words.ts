import type { Language } from './words.ts';

export type UnsubscribeWords = {
  readonly title: string;
  readonly of: (email: string) => string;
  readonly thisKind: string;
  readonly everything: string;
  readonly everythingHint: string;
  readonly unsubscribe: string;
  readonly stopped: string;
  readonly stoppedKind: (name: string) => string;
  readonly stoppedAll: string;
  readonly changedMind: string;
  readonly subscribeAgain: string;
  readonly subscribed: string;
  readonly subscribedKind: (name: string) => string;
  readonly subscribedAll: string;
  readonly settings: string;
  readonly settingsOf: (email: string) => string;
  readonly kinds: string;
  readonly save: string;
  readonly saved: string;
  readonly stopEverything: string;
  readonly everythingStopped: string;
  readonly expired: string;
  readonly expiredHint: string;
  readonly invalid: string;
  readonly invalidHint: string;
  readonly tooMany: string;
};

const ja: UnsubscribeWords = {
  title: 'メール配信の停止',
  of: (email) => `${email} 宛てのメール配信を停止します。停止するものを選び、ボタンを押してください。`,
  thisKind: 'この種類のメール',
  everything: 'すべてのメール',
  everythingHint: 'アンケート、お知らせなど、一斉にお送りするメールのすべてを停止します。',
  unsubscribe: '配信を停止する',
  stopped: '配信を停止しました',
  stoppedKind: (name) => `今後、「${name}」のメールはお送りしません。`,
  stoppedAll: '今後、一斉にお送りするメールはすべて停止します。',
  changedMind: '間違えて停止した場合は、こちらから元に戻せます。',
  subscribeAgain: '配信を再開する',
  subscribed: '配信を再開しました',
  subscribedKind: (name) => `「${name}」のメールを引き続きお送りします。`,
  subscribedAll: 'メールを引き続きお送りします。',
  settings: 'メール配信の設定',
  settingsOf: (email) => `${email} 宛てにお送りするメールを選べます。`,
  kinds: '受け取るメールの種類',
  save: '設定を保存する',
  saved: '設定を保存しました。',
  stopEverything: 'すべてのメールの配信を停止する',
  everythingStopped: '現在、すべてのメールの配信を停止しています。種類を選んで保存すると、その種類だけ再開します。',
  expired: 'このリンクの有効期限が切れています',
  expiredHint: '新しいメールのリンクをお使いいただくか、メールの送信者までご連絡ください。',
  invalid: 'ページが見つかりません',
  invalidHint: 'アドレスが途中で切れていないか、ご確認ください。',
  tooMany: 'アクセスが集中しています。1分ほどおいてから、もう一度お試しください。',
};

const en: UnsubscribeWords = {
  title: 'Unsubscribe',
  of: (email) => `Choose which mail to ${email} shall stop, and press the button.`,
  thisKind: 'This kind of mail',
  everything: 'All mail',
  everythingHint: 'Surveys, news and every other mail that we send to many people.',
  unsubscribe: 'Unsubscribe',
  stopped: 'You have been unsubscribed',
  stoppedKind: (name) => `We will send you no more mail of the kind “${name}”.`,
  stoppedAll: 'We will send you no more of the mail that goes to many people.',
  changedMind: 'If that was a mistake, you can take it back.',
  subscribeAgain: 'Subscribe again',
  subscribed: 'You are subscribed again',
  subscribedKind: (name) => `We will go on sending you mail of the kind “${name}”.`,
  subscribedAll: 'We will go on sending you mail.',
  settings: 'Mail settings',
  settingsOf: (email) => `Choose which mail we send to ${email}.`,
  kinds: 'Kinds of mail that you get',
  save: 'Save',
  saved: 'Your settings have been saved.',
  stopEverything: 'Stop all mail',
  everythingStopped: 'All mail is stopped at present. Choose a kind and save, and only that kind comes again.',
  expired: 'This link has expired',
  expiredHint: 'Please use the link of a newer mail, or write to the sender.',
  invalid: 'Page not found',
  invalidHint: 'Please check that the address is complete.',
  tooMany: 'There are too many requests at the moment. Please try again in a minute.',
};

export const unsubscribeWords = (language: Language): UnsubscribeWords => (language === 'ja' ? ja : en);
