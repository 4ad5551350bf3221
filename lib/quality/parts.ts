import { companyForm } from './company.ts';
import { takeHonorifics } from './honorific.ts';
import { isRomajiGiven } from './latin.ts';
import { cutAt, keyOfAll, type Letter, type Letters, lettersOf } from './letters.ts';
import { looksLikePerson, personhood } from './person.ts';
import { newReading, put, type Reading } from './reading.ts';
import type { KnownWord } from './schema.ts';
import { isGiven, isSurname, splitName } from './split.ts';

const allowed = /^[\p{L}\p{N}\p{M}ー々〆〇\s・.,'’&()[\]/|_、+-]+$/u;
const separator = /^[\s・,、/|_]+$/u;
const stems =
  '経理|総務|人事|営業|広報|企画|開発|法務|財務|購買|採用|労務|宣伝|秘書|技術|制作|編集|運営|管理|業務|調達|マーケティング|カスタマーサポート|カスタマーサクセス|サポート|情報システム|システム|お客様相談';
const departmentEnd = /.(?:部|課|室|局|係|部門|グループ|チーム|センター|支店|支社|営業所|事業所)$/u;
const departmentStem = new RegExp(`^(?:${stems})(?:本部|部|課|室|係|担当|チーム|グループ)?$`, 'u');
const departmentStart = new RegExp(`^(?:${stems})(?:本部|部|課|室|係|担当|チーム|グループ)`, 'u');
const role = /(?:ご|御)?(?:担当者|担当|責任者)$/u;
const wholeRole = /^(?:お客様?|各位|関係者|事務局|受付|窓口|不明|匿名|名無し|info|admin|support|contact|sales)$/u;
const title =
  /(?:代表取締役社長|代表取締役会長|代表取締役|代表社員|専務取締役|常務取締役|取締役|執行役員|代表理事|理事長|理事|代表|副社長|社長|会長|専務|常務|本部長|副部長|部長|次長|課長代理|課長|係長|主任|店長|所長|支店長|支社長|室長|院長|園長|校長|工場長|マネージャー|マネジャー|リーダー|ディレクター|ceo|cto|cfo|coo)$/u;
const longTitleStart = /^(?:代表取締役社長|代表取締役会長|代表取締役|専務取締役|常務取締役|取締役|執行役員|代表理事)/u;
const latinStart = /^[a-z0-9][a-z0-9.&+-]*(?=[^a-z0-9.&+\s-])/u;
const latinEnd = /[a-z0-9][a-z0-9.&+-]*$/u;

/** Takes a text of a name apart: what is no person's name goes to its part, the rest stays as pieces. */
export function readText(text: string, words: readonly KnownWord[]): Reading {
  const reading = newReading();
  const clean = withoutSymbols(reading, lettersOf(text));
  const rest = takeLatinCompany(reading, takeHonorifics(reading, clean));
  const pieces = piecesOf(rest);
  reading.pieces = pieces.flatMap((piece, at) => readPiece(reading, piece, { pieces, at, words }));
  return reading;
}

const blank = { raw: ' ', key: ' ' };

function withoutSymbols(reading: Reading, letters: Letters): Letters {
  return letters.map((letter) => {
    if (letter.key !== '' && allowed.test(letter.key)) return letter;
    put(reading, 'removed', [letter]);
    reading.findings.add('EMOJI_OR_SYMBOL');
    return blank;
  });
}

/** `Sample Co., Ltd. 田中`: the form has blanks and commas inside. */
function takeLatinCompany(reading: Reading, letters: Letters): Letters {
  if (!/[a-z]/.test(keyOfAll(letters))) return letters;
  const cut = cutAt(
    letters,
    /^.*?[a-z].*?(?:co\.,?\s*ltd\.?|k\.\s?k\.|\binc\.?|\bllc|\bltd\.?|\bcorp\.?|\bcorporation)(?=$|[^a-z])/u,
  );
  if (!cut) return letters;
  put(reading, 'companies', cut.found, 0.9);
  return cut.after;
}

function piecesOf(letters: Letters): Letters[] {
  const pieces: Letter[][] = [[]];
  for (const letter of letters) {
    if (separator.test(letter.key)) pieces.push([]);
    else pieces.at(-1)?.push(letter);
  }
  return withForms(pieces.filter((piece) => piece.length > 0));
}

/** A form that stands alone belongs to the name after it: `株式会社 サンプル`. */
function withForms(pieces: readonly Letters[]): Letters[] {
  const joined: Letters[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1);
    if (before && joined.length < pieces.length - 1 && isFormOnly(before))
      joined[joined.length - 1] = [...before, blank, ...piece];
    else joined.push(piece);
  }
  return joined;
}

function isFormOnly(piece: Letters): boolean {
  const cut = cutAt(piece, companyForm);
  return cut !== undefined && cut.before.length === 0 && cut.after.length === 0;
}

type Place = { readonly pieces: readonly Letters[]; readonly at: number; readonly words: readonly KnownWord[] };

/** What of a piece is a person's name, when all else has been put away. */
function readPiece(reading: Reading, piece: Letters, place: Place): Letters[] {
  const left = takeBrackets(reading, piece);
  if (left.length === 0) return [];
  if (isSurname(left)) return [left];
  const known = takeKnownWord(reading, left, place.words);
  if (known.length < left.length) return known.length === 0 ? [] : readPiece(reading, known, place);
  const others = place.pieces.length > 1;
  if (companyForm.test(keyOfAll(left))) return takeCompany(reading, left, place);
  return (
    takeRole(reading, left, others) ??
    takeTitle(reading, left, others) ??
    takeDepartment(reading, left, others) ??
    takeLatin(reading, left, place) ?? [left]
  );
}

/** What stands in brackets beside a name is not part of it; what it is, is for people to say. */
function takeBrackets(reading: Reading, piece: Letters): Letters {
  if (companyForm.test(keyOfAll(piece))) return piece;
  const cut = cutAt(piece, /[([].*?[)\]]|[()[\]]/u);
  if (!cut) return piece;
  put(reading, 'removed', cut.found, 0.6);
  reading.findings.add('EMOJI_OR_SYMBOL');
  return takeBrackets(reading, [...cut.before, ...cut.after]);
}

/** A word that was taught, or the person's own company, before or after the name. */
function takeKnownWord(reading: Reading, piece: Letters, words: readonly KnownWord[]): Letters {
  const key = keyOfAll(piece);
  for (const { word, kind } of words) {
    if (word.length < 2 || !key.includes(word)) continue;
    const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const cut = cutAt(piece, new RegExp(`^${escaped}`, 'u')) ?? cutAt(piece, new RegExp(`${escaped}$`, 'u'));
    if (!cut) continue;
    const rest = cut.before.length > 0 ? cut.before : cut.after;
    put(
      reading,
      kind === 'company' ? 'companies' : 'tags',
      cut.found,
      rest.length === 0 || looksLikePerson(rest) ? 0.98 : 0.8,
    );
    reading.notes.add('LEARNED_WORD');
    return rest;
  }
  return piece;
}

/** 「(株)サンプル高橋」: the form says where the company begins or ends; whose name it is, the lexicon of names. */
function takeCompany(reading: Reading, piece: Letters, { pieces, at }: Place): Letters[] {
  const cut = cutAt(piece, companyForm);
  if (!cut) return [piece];
  if (cut.before.length > 0 && cut.after.length > 0) {
    const behind = personhood(cut.after);
    put(reading, 'companies', [...cut.before, ...cut.found], behind >= 0.9 ? 0.97 : 0.6);
    return takeTitle(reading, cut.after, false) ?? takeRole(reading, cut.after, true) ?? [cut.after];
  }
  if (cut.before.length + cut.after.length > 0 && pieces.some((other, index) => index !== at && namesFamily(other))) {
    put(reading, 'companies', piece, 0.97);
    return [];
  }
  const { name, person, confidence } = personBehind(cut.before.length > 0 ? [] : cut.after);
  put(reading, 'companies', [...cut.before, ...cut.found, ...name], confidence);
  return person.length === 0 ? [] : (takeRole(reading, person, true) ?? takeTitle(reading, person, false) ?? [person]);
}

/** A family name, alone or with a given name. */
function namesFamily(piece: Letters): boolean {
  const split = splitName(piece);
  return isSurname(piece) || (split !== undefined && isSurname(split.lastname) && isGiven(split.firstname));
}

const companyEnd =
  /(?:製作所|研究所|事務所|工業所|商店|商会|商事|商社|工業|産業|興業|建設|物産|電機|電気|製菓|製薬|食品|印刷|運輸|銀行|会|店|社|堂|院|組|所|館|園)$/u;

/** A company's name with a person's behind it, without a blank. Another kind of letters where the person begins makes it sure. */
function personBehind(letters: Letters): {
  readonly name: Letters;
  readonly person: Letters;
  readonly confidence: number;
} {
  const key = keyOfAll(letters);
  const told = cutAt(letters, new RegExp(`(?:${role.source})|(?:${title.source})`, 'u'));
  if (/\s/u.test(key)) {
    const at = letters.findLastIndex((letter) => /^\s/u.test(letter.key));
    const person = letters.slice(at + 1);
    return looksLikePerson(person) && at > 1
      ? { name: letters.slice(0, at), person, confidence: 0.9 }
      : { name: letters, person: [], confidence: 0.97 };
  }
  const best = letters.flatMap((_, at) => {
    const person = letters.slice(at);
    if (at < 1 || person.length > 7) return [];
    const clear = scriptOf(letters[at - 1]?.key) !== scriptOf(letters[at]?.key);
    if (!told && !clear && companyEnd.test(key)) return [];
    const whole = told ? person.slice(0, person.length - told.found.length) : person;
    const sure = personhood(whole) - (clear ? 0 : 0.3);
    return sure >= 0.6 ? [{ at, sure }] : [];
  });
  const [first] = best.sort((one, other) => other.sure - one.sure || one.at - other.at);
  if (!first) return { name: letters, person: [], confidence: 0.6 };
  return {
    name: letters.slice(0, first.at),
    person: letters.slice(first.at),
    confidence: first.sure >= 0.9 ? 0.97 : 0.6,
  };
}

function scriptOf(key = ''): string {
  if (/^\p{Script=Han}|^[々〆]/u.test(key)) return 'kanji';
  if (/^[ァ-ヺー]/u.test(key)) return 'katakana';
  return /^[ぁ-ゖ]/u.test(key) ? 'hiragana' : 'latin';
}

/** 「経理ご担当者」: a department at most, and no name. Beside a name it only tells what the person does. */
function takeRole(reading: Reading, piece: Letters, others: boolean): Letters[] | undefined {
  if (wholeRole.test(keyOfAll(piece))) {
    put(reading, 'removed', piece);
    reading.role = true;
    return [];
  }
  const cut = cutAt(piece, role);
  if (!cut) return undefined;
  if (cut.before.length > 0 && isSurname(cut.before)) {
    put(reading, 'removed', cut.found, 0.8);
    return [cut.before];
  }
  put(reading, 'departments', cut.before, others ? 0.9 : 1);
  put(reading, 'removed', cut.found);
  reading.role = true;
  return [];
}

function takeTitle(reading: Reading, piece: Letters, others: boolean): Letters[] | undefined {
  const start = cutAt(piece, longTitleStart);
  if (start && looksLikePerson(start.after)) {
    put(reading, 'titles', start.found, 0.97);
    return [start.after];
  }
  const cut = cutAt(piece, title);
  if (!cut || (cut.before.length === 0 ? !others : !looksLikePerson(cut.before))) return undefined;
  put(reading, 'titles', cut.found, 0.97);
  return cut.before.length > 0 ? [cut.before] : [];
}

function takeDepartment(reading: Reading, piece: Letters, others: boolean): Letters[] | undefined {
  const key = keyOfAll(piece);
  if (departmentStem.test(key) || (others && departmentEnd.test(key) && !looksLikePerson(piece))) {
    put(reading, 'departments', piece, others ? 0.96 : 0.9);
    return [];
  }
  const start = cutAt(piece, departmentStart);
  if (!start || start.after.length === 0 || !looksLikePerson(start.after)) return undefined;
  put(reading, 'departments', start.found, 0.96);
  return [start.after];
}

/** `A8田中`: Latin letters or digits beside a Japanese name are no part of it. */
function takeLatin(reading: Reading, piece: Letters, { pieces, at }: Place): Letters[] | undefined {
  const key = keyOfAll(piece);
  const japanese = (text: string) => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);
  if (!japanese(key)) {
    const beside = pieces.some((other, index) => index !== at && japanese(keyOfAll(other)) && looksLikePerson(other));
    if (!beside || !/^[a-z0-9.&+-]+$/u.test(key)) return undefined;
    put(reading, 'tags', piece, /\d/.test(key) ? 0.96 : 0.7);
    return [];
  }
  const cut = cutAt(piece, latinStart) ?? cutAt(piece, latinEnd);
  if (!cut) return undefined;
  const rest = cut.before.length > 0 ? cut.before : cut.after;
  const sure = personhood(rest) >= 0.9 && tagLike(cut.found) && cut.before.length === 0;
  put(reading, 'tags', cut.found, sure ? 0.96 : 0.6);
  return [rest];
}

/** With a digit, or long enough to be no initial and no given name. */
const tagLike = (letters: Letters): boolean => {
  const key = keyOfAll(letters);
  return /\d/.test(key) || (key.length >= 3 && !isRomajiGiven(letters));
};
