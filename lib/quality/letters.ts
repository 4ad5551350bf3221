/** A letter as a person wrote it, with the marks that belong to it, and what it is compared by. */
export type Letter = { readonly raw: string; readonly key: string };
export type Letters = readonly Letter[];

/** Old and regional forms that NFKC leaves as they are, each with the one that it is compared as. */
const variants = new Map(
  `
    髙高 﨑崎 嵜崎 碕崎 邉辺 邊辺 齋斉 齊斉 斎斉 濵浜 濱浜 𠮷吉
    澤沢 廣広 國国 嶋島 嶌島 櫻桜 眞真 壽寿 惠恵 德徳 榮栄 瀨瀬
    槇槙 曾曽 藪薮 檜桧 萬万 與与 實実 冨富 峯峰 條条 靜静 禮礼
    圓円 學学 黑黒 增増 栁柳 桒桑 鷗鴎 薗園 遙遥 亞亜 彌弥 豐豊
    緖緒 凜凛 堯尭 龍竜 關関 藏蔵 鐵鉄 總総 爲為 淸清 靑青 舘館
    鹽塩 靍鶴 籐藤 賴頼 瀧滝 戶戸 ヶケ ヵカ 巖巌 穰穣 團団 將将
    莊荘 藝芸 顯顕 應応 會会 寬寛 敎教 祿禄 稻稲 續続 鷄鶏 假仮
    來来 傳伝 壯壮 孃嬢 步歩 每毎 淨浄 溪渓 狹狭 獨独 發発 縣県
    聰聡 覺覚 讓譲 豫予 輕軽 鄕郷 醫医 釋釈 錄録 靈霊 驛駅 齡齢
  `
    .trim()
    .split(/\s+/)
    .map((pair) => [...pair] as [string, string]),
);

/** Marks that belong to the letter before them: variation selectors, combining marks, the half-width marks of kana. */
const clusters = /[\s\S][\p{M}\uff9e\uff9f\u200d]*/gu;
const selectors = /[\u{fe00}-\u{fe0f}]|[\u{e0100}-\u{e01ef}]/gu;

const keyOf = (raw: string): string =>
  [...raw.replace(selectors, '').normalize('NFKC').toLowerCase()]
    .map((letter) => variants.get(letter) ?? letter)
    .join('');

export const lettersOf = (text: string): Letters =>
  (text.toWellFormed().match(clusters) ?? []).map((raw) => ({ raw, key: keyOf(raw) }));

/** What names are compared by: width, case, old forms and variation selectors do not count. Never shown, never stored as a name. */
export const foldName = (text: string): string => keyOfAll(lettersOf(text));

export const keyOfAll = (letters: Letters): string => letters.map(({ key }) => key).join('');

/**
 * The letters as they go into a name: half-width kana and full-width Latin letters in their usual width, every other character as the
 * person wrote it, old forms and variation selectors too.
 */
export const written = (letters: Letters): string =>
  letters
    .map(({ raw }) => (/[\uff01-\uff5e\uff61-\uff9f]/.test(raw) ? raw.normalize('NFKC') : raw))
    .join('')
    .trim();

/** The letters that a pattern matches in the keys, with what is before and after; a letter is never cut in two. */
export function cutAt(
  letters: Letters,
  pattern: RegExp,
): { readonly before: Letters; readonly found: Letters; readonly after: Letters } | undefined {
  const match = pattern.exec(keyOfAll(letters));
  if (!match || match[0] === '') return undefined;
  const from = match.index;
  const to = from + match[0].length;
  let at = 0;
  const parts: { before: Letter[]; found: Letter[]; after: Letter[] } = { before: [], found: [], after: [] };
  for (const letter of letters) {
    const end = at + letter.key.length;
    parts[end <= from ? 'before' : at >= to ? 'after' : 'found'].push(letter);
    at = end;
  }
  return parts;
}

export const toKatakana = (text: string): string =>
  text.replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));
export const isKana = (text: string): boolean => /^[ぁ-ゖァ-ヺー]+$/u.test(text);
export const isLatin = (text: string): boolean =>
  /^[\p{Script=Latin}\p{M}\s.,'’-]+$/u.test(text) && /\p{Script=Latin}/u.test(text);
