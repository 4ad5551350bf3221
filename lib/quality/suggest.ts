import { isHonorific } from './honorific.ts';
import { isRomajiGiven, latinOrder, usualCase } from './latin.ts';
import { foldName, isKana, isLatin, keyOfAll, type Letters, lettersOf, written } from './letters.ts';
import { readText } from './parts.ts';
import { newReading, put, type Reading } from './reading.ts';
import { reasonsOf } from './reasons.ts';
import { findingTypes, type KnownWord, type NameInput, type Suggestion } from './schema.ts';
import { isGiven, isSurname, splitName, surnameLead } from './split.ts';
import { automaticConfidence } from './threshold.ts';

type Names = { readonly lastname: readonly Letters[]; readonly firstname: readonly Letters[] };

/** Longer than any name that a person has; what is longer is no name, and is left as it is. */
const longestName = 100;

/**
 * What is wrong with a person's name and how it could be, by rules and a lexicon only. The person's own characters are never replaced
 * by others: old forms stay, variation selectors too; half-width kana and full-width Latin letters get their usual width. No name is made
 * up. It never throws.
 */
export function suggestName(input: NameInput, words: readonly KnownWord[] = []): Suggestion {
  const once = suggestOnce(input, words);
  if (once.findings.length === 0 || once.confidence < automaticConfidence) return once;
  const again = suggestOnce({ ...input, lastname: once.lastname, firstname: once.firstname }, words);
  if (again.lastname === once.lastname && again.firstname === once.firstname) return once;
  // What would be corrected once more is not understood well enough.
  return { ...once, confidence: 0.6, reasons: [...once.reasons, ...reasonsOf([], ['NOT_SURE'])] };
}

function suggestOnce(input: NameInput, words: readonly KnownWord[]): Suggestion {
  const lastname = input.lastname ?? '';
  const firstname = input.firstname ?? '';
  if (lastname.length > longestName || firstname.length > longestName) return asItIs(lastname, firstname);
  const known = [...words.map(({ word, kind }) => ({ word: foldName(word), kind })), ...ownCompany(input)].sort(
    (one, other) => other.word.length - one.word.length,
  );
  const family = fieldOf(lastname, firstname, known);
  const given = fieldOf(firstname, lastname, known);
  const all = together(family, given);
  noteTexts(all, lastname, firstname);
  const names = namesOf(all, family.pieces, given.pieces, /[,、]/.test(foldName(`${lastname}${firstname}`)));
  return suggestionOf(all, names, { lastname, firstname });
}

const asItIs = (lastname: string, firstname: string): Suggestion => ({
  lastname,
  firstname,
  tags: [],
  removed: [],
  findings: [],
  confidence: 0,
  reasons: reasonsOf([], ['NOT_SURE']),
});

/** The person's company, and the name in the domain of the address, when it is no mail provider's. */
function ownCompany({ company, email }: NameInput): KnownWord[] {
  const label = /@(?:[^@]*\.)?([a-z0-9-]{3,})\.(?:co\.jp|or\.jp|ne\.jp|ac\.jp|go\.jp|[a-z]{2,})$/i.exec(
    email ?? '',
  )?.[1];
  const providers = /^(?:gmail|yahoo|hotmail|outlook|icloud|docomo|ezweb|softbank|nifty|example|test)$/i;
  return [company, label && !providers.test(label) ? label : undefined].flatMap((word) =>
    word && word.trim().length >= 2 && !isSurname(lettersOf(word.trim()))
      ? [{ word: foldName(word.trim()), kind: 'company' as const }]
      : [],
  );
}

/** A field that holds an honorific only; where the other one is empty it may be a name: 殿. */
function fieldOf(text: string, other: string, words: readonly KnownWord[]): Reading {
  const letters = lettersOf(text);
  if (!isHonorific(letters)) return readText(text, words);
  const reading = newReading();
  if (other.trim() === '') reading.pieces.push(letters.filter(({ key }) => !/^\s/u.test(key)));
  else put(reading, 'honorifics', letters);
  return reading;
}

function together(one: Reading, other: Reading): Reading {
  const lists = (['honorifics', 'titles', 'departments', 'companies', 'tags', 'removed'] as const).map(
    (part) => [part, [...one[part], ...other[part]]] as const,
  );
  return {
    ...newReading(),
    ...Object.fromEntries(lists),
    findings: new Set([...one.findings, ...other.findings]),
    notes: new Set([...one.notes, ...other.notes]),
    confidence: Math.min(one.confidence, other.confidence),
    role: one.role || other.role,
  };
}

const testNames =
  /^(?:テスト|てすと|test|dummy|ダミー|hoge|ほげ|foo|bar|asdf|qwerty|xxx|aaa|あああ|ああ|いいい|サンプル(?:太郎|花子|ユーザー?)?$|sample$|名無し)/u;

function noteTexts({ findings }: Reading, lastname: string, firstname: string): void {
  const texts = [lastname, firstname];
  if (texts.some((text) => /[\uff66-\uff9f]/.test(text))) findings.add('HALF_WIDTH_KANA');
  if (texts.some((text) => testNames.test(foldName(text).trim()))) findings.add('TEST_NAME');
}

/** Which of the pieces are the family name and which the given name; what changes lowers the confidence of the whole. */
function namesOf(all: Reading, family: readonly Letters[], given: readonly Letters[], comma: boolean): Names {
  const { findings } = all;
  if (family.length + given.length === 0) {
    if (all.role || all.departments.length > 0) {
      findings.add('ROLE_ADDRESS');
    }
    // Nobody is left without a name unless a person says so.
    all.confidence = 0;
    return { lastname: [], firstname: [] };
  }
  if (family.length > 0 && given.length > 0) return bothFields(all, family, given);
  findings.add('NAME_IN_ONE_FIELD');
  const pieces = family.length > 0 ? family : given;
  const names = pieces.length > 1 ? byPieces(all, pieces, comma) : onePiece(all, pieces[0] ?? [], family.length > 0);
  if (names.lastname.length > 0 && names.firstname.length > 0) findings.add('FULLNAME_IN_FAMILY');
  return names;
}

function bothFields(all: Reading, family: readonly Letters[], given: readonly Letters[]): Names {
  const [lastname, firstname] = [family.flat(), given.flat()];
  const [lastKey, firstKey] = [keyOfAll(lastname), keyOfAll(firstname)];
  const twice = (names: Names, said: Letters): Names => {
    all.findings.add('FULLNAME_IN_FAMILY');
    put(all, 'removed', said, 0.97);
    return names;
  };
  if (lastKey.length > firstKey.length && lastKey.endsWith(firstKey) && isSurname(lastname.slice(0, -firstname.length)))
    return twice(
      { lastname: [lastname.slice(0, -firstname.length)], firstname: given },
      lastname.slice(-firstname.length),
    );
  if (firstKey.length > lastKey.length && firstKey.startsWith(lastKey) && isSurname(lastname))
    return twice(
      { lastname: family, firstname: [firstname.slice(lastname.length)] },
      firstname.slice(0, lastname.length),
    );
  if (areSwapped(lastname, firstname)) {
    all.findings.add('SWAPPED');
    all.confidence = Math.min(all.confidence, swapConfidence(lastname, firstname));
    return { lastname: given, firstname: family };
  }
  return { lastname: family, firstname: given };
}

/** The first is a given name only, the second a family name only; names of kana and Latin letters tell too little. */
const areSwapped = (lastname: Letters, firstname: Letters): boolean =>
  !isKana(keyOfAll(lastname)) &&
  isGiven(lastname) &&
  !isSurname(lastname) &&
  isSurname(firstname) &&
  !isGiven(firstname);

const swapConfidence = (lastname: Letters, firstname: Letters): number =>
  surnameLead(firstname) > 2 && surnameLead(lastname) < -2 ? 0.96 : 0.8;

function byPieces(all: Reading, pieces: readonly Letters[], comma: boolean): Names {
  const { notes } = all;
  notes.add('SPLIT_AT_BLANK');
  if (pieces.every((piece) => isLatin(keyOfAll(piece)))) {
    const { confidence, ...names } = latinOrder(pieces, comma);
    if (!comma && names.lastname[0] === pieces.at(-1)) notes.add('WESTERN_ORDER');
    all.confidence = Math.min(all.confidence, confidence);
    return names;
  }
  const [first = [], second = []] = pieces;
  if (pieces.length > 2) {
    all.confidence = Math.min(all.confidence, 0.5);
    return { lastname: [first], firstname: pieces.slice(1) };
  }
  if (areSwapped(first, second)) {
    all.findings.add('SWAPPED');
    all.confidence = Math.min(all.confidence, 0.8);
    return { lastname: [second], firstname: [first] };
  }
  all.confidence = Math.min(all.confidence, isSurname(first) ? 0.99 : isGiven(second) ? 0.96 : 0.9);
  return { lastname: [first], firstname: [second] };
}

/** A name without blanks in one field: a family name, a given name or both. */
function onePiece(all: Reading, piece: Letters, inFamily: boolean): Names {
  const asFamily: Names = { lastname: [piece], firstname: [] };
  const asGiven: Names = { lastname: [], firstname: [piece] };
  const stays = inFamily ? asFamily : asGiven;
  const key = keyOfAll(piece);
  if (isLatin(key)) {
    if (inFamily || isRomajiGiven(piece)) return stays;
    return sure(all, asFamily, 0.7);
  }
  if (isHonorific(piece)) {
    all.notes.add('NOT_SURE');
    return sure(all, stays, 0);
  }
  if (isSurname(piece)) return familyOnly(all, piece, { asFamily, asGiven, inFamily });
  if (isGiven(piece) && (!inFamily || piece.length < 3)) {
    all.notes.add('GIVEN_NAME_ONLY');
    return inFamily ? sure(all, asGiven, 0.7) : asGiven;
  }
  const split = splitName(piece);
  const isName = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々〆ー]+$/u.test(key) && piece.length <= 8;
  if (!split || !isName || split.confidence < 0.5) {
    all.notes.add('NOT_SURE');
    return sure(all, stays, 0.4);
  }
  all.notes.add(isKana(key) ? 'SPLIT_BY_READING' : 'SPLIT');
  return sure(all, { lastname: [split.lastname], firstname: [split.firstname] }, split.confidence);
}

function familyOnly(
  all: Reading,
  piece: Letters,
  { asFamily, asGiven, inFamily }: { readonly asFamily: Names; readonly asGiven: Names; readonly inFamily: boolean },
): Names {
  const lead = surnameLead(piece);
  if (!inFamily && isGiven(piece) && lead < 2) {
    all.notes.add('GIVEN_NAME_ONLY');
    return asGiven;
  }
  all.notes.add('FAMILY_NAME_ONLY');
  return sure(all, asFamily, inFamily ? 1 : isGiven(piece) ? 0.8 : 0.97);
}

function sure(all: Reading, names: Names, confidence: number): Names {
  all.confidence = Math.min(all.confidence, confidence);
  return names;
}

const nameText = (pieces: readonly Letters[]) => pieces.map(written).filter(Boolean).join(' ');

function suggestionOf(all: Reading, names: Names, current: { lastname: string; firstname: string }): Suggestion {
  const texts = [nameText(names.lastname), nameText(names.firstname)];
  const [lastname = '', firstname = ''] = texts.map((text) => text.split(' ').map(usualCase).join(' '));
  const raw = [...names.lastname, ...names.firstname].flat();
  if (lastname !== texts[0] || firstname !== texts[1] || raw.some((letter) => /[\uff21-\uff5a]/.test(letter.raw))) {
    all.findings.add('LATIN_CASE');
    all.confidence = Math.min(all.confidence, 0.9);
  }
  const same = lastname === current.lastname && firstname === current.firstname;
  if (all.findings.has('TEST_NAME') || same) all.confidence = 0;
  const findings = findingTypes.filter((type) => all.findings.has(type));
  const joined = (part: readonly string[]) => (part.length > 0 ? part.join(' ') : undefined);
  const parts = {
    honorific: joined(all.honorifics),
    company: joined(all.companies),
    department: joined(all.departments),
    jobtitle: joined(all.titles),
  };
  return {
    lastname,
    firstname,
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
    tags: all.tags,
    removed: all.removed,
    findings,
    confidence: findings.length === 0 ? 1 : Math.round(all.confidence * 1000) / 1000,
    reasons: reasonsOf(findings, [...all.notes]),
  };
}
