const vowels = { a: 0, i: 1, u: 2, e: 3, o: 4 } as const;
const rows: Readonly<Record<string, string>> = {
  '': 'アイウエオ',
  k: 'カキクケコ',
  s: 'サシスセソ',
  t: 'タチツテト',
  n: 'ナニヌネノ',
  h: 'ハヒフヘホ',
  m: 'マミムメモ',
  y: 'ヤ_ユ_ヨ',
  r: 'ラリルレロ',
  w: 'ワ___ヲ',
  g: 'ガギグゲゴ',
  z: 'ザジズゼゾ',
  d: 'ダヂヅデド',
  b: 'バビブベボ',
  p: 'パピプペポ',
};
const special: Readonly<Record<string, string>> = {
  shi: 'シ',
  chi: 'チ',
  tsu: 'ツ',
  fu: 'フ',
  ji: 'ジ',
  sha: 'シャ',
  shu: 'シュ',
  sho: 'ショ',
  cha: 'チャ',
  chu: 'チュ',
  cho: 'チョ',
  ja: 'ジャ',
  ju: 'ジュ',
  jo: 'ジョ',
};

function syllable(text: string): readonly [kana: string, length: number] | undefined {
  for (const length of [3, 2]) {
    const found = special[text.slice(0, length)];
    if (found) return [found, length];
  }
  const match = /^([kstnhmyrwgzdbp]?)(y?)([aiueo])/.exec(text);
  const [whole = '', consonant = '', glide = '', vowel = ''] = match ?? [];
  if (whole === '') return undefined;
  if (glide && consonant) {
    const small = { a: 'ャ', u: 'ュ', o: 'ョ' }[vowel];
    return small ? [`${rows[consonant]?.[1]}${small}`, whole.length] : undefined;
  }
  const kana = rows[consonant || glide]?.[vowels[vowel as keyof typeof vowels]];
  return kana !== undefined && kana !== '_' ? [kana, whole.length] : undefined;
}

/** The spellings in katakana that a Hepburn or Kunrei text may stand for; none when it is no Japanese. `o` may be long: ŌNO, Ohno. */
export function kanaOf(romaji: string): string[] {
  let left = romaji
    .toLowerCase()
    .normalize('NFD')
    .replace(/\u0304|\u0302|['’-]/g, '')
    .replace(/oh(?=[^aiueoy]|$)/g, 'o');
  let kana = '';
  while (left !== '') {
    const next = syllable(left);
    if (next) {
      kana += next[0];
      left = left.slice(next[1]);
    } else if (/^[nm](?![aiueoy])/.test(left)) {
      kana += 'ン';
      left = left.slice(1);
    } else if (/^([kstpgdbzc])(?=\1|ch)/.test(left)) {
      kana += 'ッ';
      left = left.slice(1);
    } else return [];
  }
  const long = kana.replace(/([オコソトノホモヨロゴゾドボョ])(?!ウ)/g, '$1ウ').replace(/([ュユ])(?!ウ)/g, '$1ウ');
  const first = kana.replace(/^([オコソトノホモヨロゴゾドボ])(?![ウオ])/, '$1オ');
  const last = kana.replace(/([オコソトノホモヨロゴゾドボョ])$/, '$1ウ');
  return [...new Set([kana, long, first, last])];
}
