import { foldName } from './letters.ts';

/** The forms of Japanese companies and what they are abbreviated to, as they look folded (NFKC, lower case). Longest first. */
const forms = [
  ['特定非営利活動法人', 'npo'],
  ['公益社団法人', 'kosha'],
  ['公益財団法人', 'kozai'],
  ['一般社団法人', 'issha'],
  ['一般財団法人', 'izzai'],
  ['独立行政法人', 'doku'],
  ['社会福祉法人', 'fuku'],
  ['医療法人社団', 'iryo'],
  ['医療法人', 'iryo'],
  ['学校法人', 'gakko'],
  ['npo法人', 'npo'],
  ['株式会社', 'kk'],
  ['有限会社', 'yk'],
  ['合同会社', 'gk'],
  ['合資会社', 'gs'],
  ['合名会社', 'gm'],
  ['相互会社', 'so'],
  ['協同組合', 'kumiai'],
  ['(一社)', 'issha'],
  ['(一財)', 'izzai'],
  ['(公社)', 'kosha'],
  ['(公財)', 'kozai'],
  ['(株)', 'kk'],
  ['(有)', 'yk'],
  ['(同)', 'gk'],
  ['(資)', 'gs'],
  ['(名)', 'gm'],
  ['(相)', 'so'],
  ['(医)', 'iryo'],
  ['(学)', 'gakko'],
] as const;

const latinForms = /[\s,]*\b(?:co\.?,?\s*ltd\.?|k\.\s?k\.?|inc\.?|llc\.?|ltd\.?|corp\.?|corporation|gmbh)(?=$|[^a-z])/;
const escaped = forms.map(([form]) => form.replace(/[()]/g, '\\$&')).join('|');

/** A company's form anywhere in a folded text. */
export const companyForm = new RegExp(`${escaped}|${latinForms.source}`);

const bankForms = /^(?:カ\)|ユ\)|ド\)|シ\)|メ\))|(?:\(カ\)?|\(ユ\)?|\(ド\)?)$/;
const kindOf = (form: string) => forms.find(([written]) => written === form)?.[1] ?? 'kk';
const lookalikes = new Map(
  [...'ニ二タ夕エ工ロ口カ力ハ八'].flatMap((_, at, all) => (at % 2 ? [[all[at] ?? '', all[at - 1] ?? '']] : [])),
);
const small = new Map(
  [...'ァアィイゥウェエォオッツャヤュユョヨヮワヂジヅズ'].flatMap((_, at, all) =>
    at % 2 ? [[all[at - 1] ?? '', all[at] ?? '']] : [],
  ),
);

/**
 * What two spellings of a company's name have in common: width, case, blanks, the form and where it stands, look-alike letters (ニ and 二)
 * and small kana do not count. For finding candidates only: 前株 and 後株 are different companies by law.
 */
export function companyKey(name: string): string {
  const folded = foldName(name).replace(/[\s・･]/gu, '');
  const kind = new RegExp(escaped).exec(folded)?.[0];
  const bare = folded.replace(new RegExp(`${escaped}|${latinForms.source}`, 'g'), '').replace(bankForms, '');
  const letters = [
    ...bare
      .replace(/[ーｰ－‐—–―-]/gu, '')
      .replace(/ヴァ/g, 'バ')
      .replace(/ヴ/g, 'ブ'),
  ];
  const key = letters.map((letter) => lookalikes.get(letter) ?? small.get(letter) ?? letter).join('');
  return key === '' ? `${kind === undefined ? '' : kindOf(kind)}` : key;
}
