import { cutAt, keyOfAll, type Letters } from './letters.ts';
import { looksLikePerson } from './person.ts';
import { put, type Reading } from './reading.ts';
import { isGiven, isSurname } from './split.ts';

/** With a blank or brackets around it. Latin ones stand before the name. */
const certain = /[\s(]*(?:様方|様|さま|サマ|御中|各位)[\s)]*$/u;
/** A name may end so, too: 鵜殿, 氏, 君, 先生. */
const doubtful = /[\s(]*(?:殿|さん|サン|くん|クン|ちゃん|君|先生|氏)[\s)]*$/u;
const latin = /^\s*(?:mr|mrs|ms|miss|dr|prof)\.?\s+/u;

/** Takes honorifics off the end (or Latin ones off the beginning), as long as a plausible name is left. */
export function takeHonorifics(reading: Reading, letters: Letters): Letters {
  let left = letters;
  for (let tries = 0; tries < 3; tries += 1) {
    const cut = honorificOf(left);
    if (!cut) return left;
    put(reading, 'honorifics', cut.found);
    left = cut.rest;
  }
  return left;
}

function honorificOf(letters: Letters): { readonly rest: Letters; readonly found: Letters } | undefined {
  const before = cutAt(letters, latin);
  if (before && before.after.length > 0) return { rest: before.after, found: before.found };
  const sure = cutAt(letters, certain);
  if (sure && sure.before.length > 0) return { rest: sure.before, found: sure.found };
  const maybe = cutAt(letters, doubtful);
  if (!maybe || maybe.before.length === 0 || isName(letters)) return undefined;
  const piece = lastPiece(maybe.before);
  return looksLikePerson(piece) || maybe.before.length > piece.length
    ? { rest: maybe.before, found: maybe.found }
    : undefined;
}

/** The last piece as it stands is a name in the lexicon: 鵜殿, 真君. */
function isName(letters: Letters): boolean {
  const piece = lastPiece(letters);
  return isSurname(piece) || isGiven(piece);
}

function lastPiece(letters: Letters): Letters {
  const blank = letters.findLastIndex(({ key }) => /^\s/u.test(key));
  return letters.slice(blank + 1);
}

/** A field that holds an honorific and nothing else; 君 alone is a given name. */
export const isHonorific = (letters: Letters): boolean =>
  /^\s*(?:様|さま|サマ|殿|御中|さん|先生|氏|各位)\s*$/u.test(keyOfAll(letters));
