import type { SurveyLanguage, SurveyType } from './schema.ts';

/** What a survey says when its author said nothing, and the fixed words of its page and mail. */
export type SurveyWords = {
  readonly subject: string;
  readonly introduction: string;
  readonly scoreQuestion: Readonly<Record<SurveyType, string>>;
  readonly comment: string;
  readonly thanks: string;
  readonly lowest: Readonly<Record<SurveyType, string>>;
  readonly highest: Readonly<Record<SurveyType, string>>;
  /** To somebody as `addressee` calls them. */
  readonly greeting: (addressee: string) => string;
  readonly chooseScore: string;
  readonly chooseOption: string;
  readonly reminderSubject: (subject: string) => string;
  /** With the subject of the first mail when only that one has the link. */
  readonly reminder: (firstSubject: string | undefined) => string;
  readonly anonymous: string;
  readonly answeredAnonymously: string;
  readonly onlyIf: (label: string) => string;
  readonly leaveEmpty: string;
  readonly sendAgain: string;
  readonly answer: string;
  readonly until: (moment: string) => string;
  readonly from: string;
  readonly personal: string;
  readonly unsubscribe: string;
  readonly send: string;
  readonly change: string;
  readonly required: string;
  readonly answered: string;
  readonly changeable: string;
  readonly checkInput: string;
  readonly thanksTitle: string;
  readonly backToAnswer: string;
  readonly closed: string;
  readonly closedHint: string;
  readonly expired: string;
  readonly expiredHint: string;
  readonly notFound: string;
  readonly notFoundHint: string;
  readonly tooMany: string;
  readonly busy: string;
  readonly tooLarge: string;
  readonly errors: Readonly<Record<'MISSING' | 'NOT_AN_OPTION' | 'TOO_LONG', string>>;
};

const ja: SurveyWords = {
  subject: 'アンケートご協力のお願い',
  introduction:
    '平素よりお世話になっております。サービス向上のため、アンケートにご協力をお願いいたします。所要時間は1分ほどです。',
  scoreQuestion: {
    NPS: '当社のサービスを、親しい友人や同僚に薦める可能性はどのくらいありますか。',
    CES: '今回のお問い合わせは、簡単に解決できましたか。',
    CSAT: '当社のサービスにどのくらい満足していますか。',
    CUSTOM: 'どのくらい満足していますか。',
  },
  comment: 'その評価にされた理由をお聞かせください。',
  thanks: 'ご回答ありがとうございました。いただいたご意見はサービスの改善に役立ててまいります。',
  lowest: { NPS: '全く薦めたくない', CES: '全くそう思わない', CSAT: '非常に不満', CUSTOM: '非常に不満' },
  highest: { NPS: 'ぜひ薦めたい', CES: '非常にそう思う', CSAT: '非常に満足', CUSTOM: '非常に満足' },
  greeting: (addressee) => addressee,
  chooseScore: '数字を選ぶと回答ページが開きます。送信ボタンを押すまで、回答は送信されません。',
  chooseOption: 'ボタンを押すと回答ページが開きます。送信ボタンを押すまで、回答は送信されません。',
  reminderSubject: (subject) => `【再送】${subject}`,
  reminder: (firstSubject) =>
    `先日お送りしたアンケートへのご回答をお願いいたします。行き違いですでにご回答いただいている場合は、ご容赦ください。${
      firstSubject === undefined
        ? ''
        : `\n回答ページのリンクは、先日の件名「${firstSubject}」のメールにのみ記載しています。匿名性を守るため、どなたがご回答済みかは分からない仕組みになっています。`
    }`,
  anonymous: 'このアンケートは匿名です。どなたの回答かは記録されません。',
  answeredAnonymously: '匿名の回答のため、内容の確認や変更はできません。',
  onlyIf: (label) => `「${label}」のご回答により、ご記入ください。`,
  leaveEmpty: 'この欄は空のままにしてください',
  sendAgain: '送信を確認できませんでした。内容をご確認のうえ、もう一度送信してください。',
  answer: '回答する',
  until: (moment) => `回答期限：${moment}`,
  from: '送信者',
  personal: 'このメールのリンクはお客様専用です。転送しないでください。',
  unsubscribe: '配信を停止する',
  send: '回答を送信',
  change: '回答を変更する',
  required: '必須',
  answered: 'すでにご回答いただいています。',
  changeable: '内容を変更して、もう一度送信できます。',
  checkInput: '入力内容をご確認ください',
  thanksTitle: 'ご回答ありがとうございました',
  backToAnswer: '回答を見直す',
  closed: 'このアンケートの受付は終了しました',
  closedHint: 'ご協力いただきありがとうございました。',
  expired: 'このリンクの有効期限が切れています',
  expiredHint: '新しいご案内が届いている場合は、そちらからご回答ください。',
  notFound: 'ページが見つかりません',
  notFoundHint: 'アドレスが途中で切れていないか、ご確認ください。',
  tooMany: 'アクセスが集中しています。1分ほどおいてから、もう一度送信してください。',
  busy: 'ただいま混み合っています。少しおいてから、もう一度お試しください。',
  tooLarge: '入力が長すぎます。短くしてから送信してください。',
  errors: {
    MISSING: '回答してください',
    NOT_AN_OPTION: '選び直してください',
    TOO_LONG: '入力が長すぎます',
  },
};

const en: SurveyWords = {
  subject: 'Please take our short survey',
  introduction:
    'Thank you for working with us. Please help us to improve by answering a short survey of about a minute.',
  scoreQuestion: {
    NPS: 'How likely are you to recommend us to a friend or colleague?',
    CES: 'It was easy to get my request handled. Do you agree?',
    CSAT: 'How satisfied are you with our service?',
    CUSTOM: 'How satisfied are you?',
  },
  comment: 'What is the main reason for your score?',
  thanks: 'Thank you for your answer. We will use it to improve our service.',
  lowest: {
    NPS: 'Not at all likely',
    CES: 'Strongly disagree',
    CSAT: 'Very dissatisfied',
    CUSTOM: 'Very dissatisfied',
  },
  highest: { NPS: 'Extremely likely', CES: 'Strongly agree', CSAT: 'Very satisfied', CUSTOM: 'Very satisfied' },
  greeting: (addressee) => (addressee ? `Dear ${addressee},` : 'Hello,'),
  chooseScore: 'A number opens the survey page. Nothing is sent until you press the button there.',
  chooseOption: 'A button opens the survey page. Nothing is sent until you press the button there.',
  reminderSubject: (subject) => `Reminder: ${subject}`,
  reminder: (firstSubject) =>
    `We would be glad of your answer to the survey that we sent you. If you have answered meanwhile, please excuse this mail.${
      firstSubject === undefined
        ? ''
        : `\nThe link to the survey is only in our first mail, “${firstSubject}”: to keep answers anonymous, nobody knows who has answered.`
    }`,
  anonymous: 'This survey is anonymous: nothing records whose answer is whose.',
  answeredAnonymously: 'As it is anonymous, the answer can be neither shown nor changed.',
  onlyIf: (label) => `Depends on your answer to “${label}”.`,
  leaveEmpty: 'Please leave this field empty',
  sendAgain: 'We could not confirm the sending. Please check your answer and send it once more.',
  answer: 'Answer the survey',
  until: (moment) => `Please answer by ${moment}`,
  from: 'Sent by',
  personal: 'The links in this mail are yours alone; please do not forward it.',
  unsubscribe: 'Unsubscribe',
  send: 'Send my answer',
  change: 'Change my answer',
  required: 'required',
  answered: 'You have answered this survey.',
  changeable: 'You can change your answer and send it again.',
  checkInput: 'Please check your input',
  thanksTitle: 'Thank you for your answer',
  backToAnswer: 'Look at my answer again',
  closed: 'This survey is closed',
  closedHint: 'Thank you for your interest.',
  expired: 'This link has expired',
  expiredHint: 'If a newer invitation has reached you, please use that one.',
  notFound: 'Page not found',
  notFoundHint: 'Please check that the address is complete.',
  tooMany: 'There are too many answers at the moment. Please try again in a minute.',
  busy: 'We are busy at the moment. Please try again shortly.',
  tooLarge: 'The input is too long. Please shorten it.',
  errors: {
    MISSING: 'Please answer this question',
    NOT_AN_OPTION: 'Please choose again',
    TOO_LONG: 'The input is too long',
  },
};

export const surveyWords = (language: SurveyLanguage): SurveyWords => (language === 'ja' ? ja : en);
