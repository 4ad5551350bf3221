import type { FormErrorType } from '../forms/problem.ts';

export type Language = 'ja' | 'en';

export type Words = {
  readonly required: string;
  readonly submit: string;
  readonly choose: string;
  readonly onlyIf: (label: string) => string;
  readonly checkInput: string;
  readonly thanks: string;
  readonly thanksTitle: string;
  readonly notFound: string;
  readonly notFoundHint: string;
  readonly tooMany: string;
  readonly busy: string;
  readonly tooLarge: string;
  readonly consent: string;
  readonly consentNeeded: string;
  readonly leaveEmpty: string;
  /** What is wrong with a field, by the form API's error type. */
  readonly errors: Partial<Record<FormErrorType, string>>;
  readonly otherError: string;
  readonly tooEarly: string;
  readonly captchaNeeded: string;
  readonly offline: string;
  readonly sending: string;
};

const ja: Words = {
  required: '必須',
  submit: '送信',
  choose: '選択してください',
  onlyIf: (label) => `「${label}」の内容によりご記入ください`,
  checkInput: '入力内容をご確認ください',
  thanks: '送信が完了しました。ありがとうございました。',
  thanksTitle: '送信完了',
  notFound: 'ページが見つかりません',
  notFoundHint: 'フォームの公開が終了したか、アドレスが正しくない可能性があります。',
  tooMany: 'アクセスが集中しています。1分ほどおいてから、もう一度送信してください。',
  busy: 'ただいま混み合っています。少しおいてから、もう一度お試しください。',
  tooLarge: '入力が長すぎます。短くしてから送信してください。',
  consent: '個人情報の取り扱い',
  consentNeeded: '同意が必要です',
  leaveEmpty: 'この欄は空のままにしてください',
  errors: {
    REQUIRED_FIELD: '入力してください',
    INVALID_EMAIL: 'メールアドレスの形式が正しくありません',
    BLOCKED_EMAIL: 'このメールアドレスは受け付けていません。別のアドレスをご記入ください',
    INVALID_NUMBER: '数字で入力してください',
    NUMBER_OUT_OF_RANGE: '桁数が正しくありません',
    VALUE_NOT_IN_FIELD_DEFINITION: '入力できない値です。選び直してください',
    INPUT_TOO_LARGE: '入力が長すぎます',
  },
  otherError: '入力内容が正しくありません',
  tooEarly: '確認のため、数秒おいてからもう一度送信してください。',
  captchaNeeded: '自動送信でないことを確認できませんでした。JavaScriptを有効にして、もう一度送信してください。',
  offline: '送信できませんでした。通信状況をご確認のうえ、もう一度送信してください。',
  sending: '送信しています…',
};

const en: Words = {
  required: 'required',
  submit: 'Submit',
  choose: 'Please choose',
  onlyIf: (label) => `Depends on your answer to “${label}”`,
  checkInput: 'Please check your input',
  thanks: 'Thank you. Your message has been sent.',
  thanksTitle: 'Sent',
  notFound: 'Page not found',
  notFoundHint: 'The form may have been closed, or the address is not right.',
  tooMany: 'There are too many submissions at the moment. Please try again in a minute.',
  busy: 'We are busy at the moment. Please try again shortly.',
  tooLarge: 'The input is too long. Please shorten it.',
  consent: 'Your data',
  consentNeeded: 'Your consent is needed',
  leaveEmpty: 'Please leave this field empty',
  errors: {
    REQUIRED_FIELD: 'Please fill this in',
    INVALID_EMAIL: 'This is not an e-mail address',
    BLOCKED_EMAIL: 'This e-mail address is not accepted; please use another one',
    INVALID_NUMBER: 'Please enter a number',
    NUMBER_OUT_OF_RANGE: 'The number of digits is not right',
    VALUE_NOT_IN_FIELD_DEFINITION: 'This value is not possible here; please choose again',
    INPUT_TOO_LARGE: 'The input is too long',
  },
  otherError: 'The input is not valid',
  tooEarly: 'To be sure that you are a person, please wait a few seconds and send it once more.',
  captchaNeeded: 'We could not tell that you are a person. Please allow JavaScript and send it once more.',
  offline: 'It could not be sent. Please check your connection and try again.',
  sending: 'Sending…',
};

/** The fixed words of pages; everything else comes from the form's definition. */
export const wordsOf = (language: Language): Words => (language === 'ja' ? ja : en);
