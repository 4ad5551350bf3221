import { foldVariants } from '../text/kanji-variants.ts';

/** A legal form, how it is written in full, in brackets and as banks write it (カ) in front, (カ behind. */
type Form = {
  readonly kind: string;
  readonly full: readonly string[];
  readonly brackets?: readonly string[];
  readonly bank?: string;
  readonly latin?: readonly string[];
};

const forms: readonly Form[] = [
  {
    kind: '株',
    full: ['株式会社'],
    brackets: ['株'],
    bank: 'カ',
    latin: [
      'kabushiki ?(?:kaisha|gaisha)',
      'k\\.?k',
      'company,? limited',
      'co\\.?,? ?ltd',
      'inc',
      'corp(?:oration)?',
      'ltd',
      'limited',
    ],
  },
  { kind: '有', full: ['有限会社'], brackets: ['有'], bank: 'ユ', latin: ['yugen ?(?:kaisha|gaisha)', 'y\\.?k'] },
  {
    kind: '同',
    full: ['合同会社'],
    brackets: ['同'],
    bank: 'ド',
    latin: ['godo ?(?:kaisha|gaisha)', 'l\\.?l\\.?c', 'g\\.?k'],
  },
  { kind: '資', full: ['合資会社'], brackets: ['資'], bank: 'シ' },
  { kind: '名', full: ['合名会社'], brackets: ['名'], bank: 'メ' },
  { kind: '一社', full: ['一般社団法人'], brackets: ['一社'], bank: 'シヤ' },
  { kind: '一財', full: ['一般財団法人'], brackets: ['一財'], bank: 'ザイ' },
  { kind: '公社', full: ['公益社団法人'], brackets: ['公社'] },
  { kind: '公財', full: ['公益財団法人'], brackets: ['公財'] },
  { kind: '医', full: ['医療法人社団', '医療法人財団', '医療法人'], brackets: ['医'], bank: 'イ' },
  { kind: '学', full: ['学校法人'], brackets: ['学'], bank: 'ガク' },
  { kind: '宗', full: ['宗教法人'], brackets: ['宗'], bank: 'シユウ' },
  { kind: '福', full: ['社会福祉法人'], brackets: ['福'], bank: 'フク' },
  { kind: '非', full: ['特定非営利活動法人', 'npo法人'], brackets: ['特非', 'npo'], bank: 'トクヒ' },
  { kind: '相', full: ['相互会社'], brackets: ['相'], bank: 'ソ' },
  { kind: '独', full: ['独立行政法人'], brackets: ['独'], bank: 'ドク' },
  { kind: '税', full: ['税理士法人'], brackets: ['税'], bank: 'ゼイ' },
  { kind: '弁', full: ['弁護士法人'], brackets: ['弁'], bank: 'ベン' },
];

const matchers = forms.map(({ kind, full, brackets = [], bank, latin = [] }) => {
  const written = [...full, ...brackets.map((word) => `\\(${word}\\)`), ...(bank ? [`\\(${bank}\\)`] : [])];
  const before = [...written, ...(bank ? [`${bank}\\)`] : []), ...brackets.map((word) => `${word}\\)`)];
  const after = [...written, ...(bank ? [`\\(${bank}`] : []), ...brackets.map((word) => `\\(${word}`)];
  const words = latin.length > 0 ? [`(?:^|[\\s,.])(?:${latin.join('|')})\\.?`] : [];
  return {
    kind,
    front: new RegExp(
      `^(?:${[...before, ...(latin.length > 0 ? [`(?:${latin.join('|')})\\.?(?=[\\s,])`] : [])].join('|')})`,
    ),
    back: new RegExp(`(?:${[...after, ...words].join('|')})$`),
  };
});

/**
 * What a company's name is compared by: `サンプル|株` for 株式会社サンプル, (株)サンプル, サンプル㈱ and ｶ)ｻﾝﾌﾟﾙ, in any width. Names of one key are very
 * probably one company. The part before `|` is the name without its legal form; nothing stands behind it when the name has none. Where the
 * form stands (前株, 後株) does not count, nor do blanks, ・, letter case, variants of kanji and letters that look alike (ニ and 二). To suggest
 * duplicates, never to merge by.
 */
export function companyKey(name: string): string {
  const text = foldVariants(name.normalize('NFKC').toLowerCase()).replace(/\s+/g, ' ').trim();
  for (const { kind, front, back } of matchers) {
    const rest = [front, back].map((form) => text.replace(form, '')).find((left) => left !== text);
    const core = rest === undefined ? '' : coreOf(rest);
    if (core) return `${core}|${kind}`;
  }
  return `${coreOf(text)}|`;
}

const alike: Readonly<Record<string, string>> = Object.fromEntries(
  '二ニ 一- 夕タ 工エ 口ロ 力カ 八ハ 三ミ 千チ ヂジ ヅズ へヘ べベ ぺペ ァア ィイ ゥウ ェエ ォオ ッツ ャヤ ュユ ョヨ ヮワ ヵカ ヶケ'
    .split(' ')
    .map((pair) => [pair.charAt(0), pair.charAt(1)]),
);
const voiced: Readonly<Record<string, string>> = { ヴァ: 'バ', ヴィ: 'ビ', ヴェ: 'ベ', ヴォ: 'ボ', ヴ: 'ブ' };

function coreOf(text: string): string {
  return text
    .replace(/ヴ[ァィェォ]?/g, (found) => voiced[found] ?? found)
    .replace(/[ー‐‑‒–—―−─━〜~-]/g, '-')
    .replace(/./gu, (letter) => alike[letter] ?? letter)
    .replace(/[\s・.,'’"“”「」『』()]/g, '');
}
