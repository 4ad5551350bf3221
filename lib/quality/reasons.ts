import type { FindingType, Reason } from './schema.ts';

/** What is said of each finding. */
const texts: Readonly<Record<Exclude<FindingType, 'DUPLICATE_PERSON'>, readonly [ja: string, en: string]>> = {
  NAME_IN_ONE_FIELD: ['姓名が片方の欄だけに入っています', 'The name stands in one of the two fields only'],
  FULLNAME_IN_FAMILY: ['片方の欄に姓と名の両方が入っています', 'One field holds both the family and the given name'],
  HONORIFIC: ['敬称が名前に含まれています', 'The name holds an honorific'],
  COMPANY_IN_NAME: ['会社名が名前に含まれています', 'The name holds a company name'],
  SERVICE_IN_NAME: ['サービス名などが名前に含まれています', 'The name holds the name of a service'],
  SWAPPED: ['姓と名が逆のようです', 'Family and given name seem to be swapped'],
  DEPARTMENT_IN_NAME: ['部署名が名前に含まれています', 'The name holds a department'],
  ROLE_ADDRESS: ['人名ではなく担当や役割が入っています', 'The name is a role, not a person'],
  EMOJI_OR_SYMBOL: ['記号や絵文字が名前に含まれています', 'The name holds symbols or emoji'],
  HALF_WIDTH_KANA: ['半角カナが使われています', 'The name is written in half-width kana'],
  LATIN_CASE: ['英字の大文字・小文字や全角の書き方が通常と違います', 'Latin letters are in unusual case or width'],
  TEST_NAME: ['テスト用の名前のようです', 'The name looks like a test'],
};

const notes = {
  SPLIT: ['姓と名の辞書と文字の並びから分けました', 'Split by the lexicon of names and their letters'],
  SPLIT_AT_BLANK: ['空白や区切りの位置で分けました', 'Split where the blank or separator is'],
  SPLIT_BY_READING: ['読みの辞書から分けました', 'Split by the readings of names'],
  FAMILY_NAME_ONLY: [
    '姓だけのようです。名は分かりません',
    'It seems to be a family name only; the given name is not known',
  ],
  GIVEN_NAME_ONLY: [
    '名だけのようです。姓は分かりません',
    'It seems to be a given name only; the family name is not known',
  ],
  WESTERN_ORDER: ['英字の名前を「名 姓」の順と見ました', 'Taken as given name, then family name'],
  JOB_TITLE: ['役職が名前に含まれています', 'The name holds a job title'],
  LEARNED_WORD: [
    '登録された会社名・サービス名と一致します',
    'It is a word that was registered as a company or a service',
  ],
  NOT_SURE: ['確信が持てません。人が確かめてください', 'Not sure: a person should look at it'],
} as const satisfies Record<string, readonly [string, string]>;

export type NoteCode = keyof typeof notes;

export function reasonsOf(findings: readonly FindingType[], codes: readonly NoteCode[]): Reason[] {
  const said = findings.flatMap((code) => (code === 'DUPLICATE_PERSON' ? [] : [[code, texts[code]] as const]));
  const noted = codes.map((code) => [code, notes[code]] as const);
  return [...said, ...noted].map(([code, [ja, en]]) => ({ code, ja, en }));
}
