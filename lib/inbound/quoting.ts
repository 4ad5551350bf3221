/** The part of a text that its sender wrote now, and whether something older follows or surrounds it. */
export type OwnText = { readonly text: string; readonly hasQuote: boolean };

/** Lines from which on everything is an older message. */
const headings = [
  /^\s*-{2,}\s*(?:Original Message|元のメッセージ|Forwarded message|転送(?:された)?メッセージ|Original Appointment)\s*-{2,}\s*$/i,
  /^\s*_{20,}\s*$/,
  // Gmail: 2022年12月1日(木) 10:00 田中 <tanaka@example.co.jp>:  — and without the address: … さんのメール:
  /^\s*(?:>\s*)?(?:\d{4}年\s*\d{1,2}月\s*\d{1,2}日|\d{4}[/-]\d{1,2}[/-]\d{1,2}).{0,200}(?:[<＜][^<>＜＞\s]+@[^<>＜＞\s]+[>＞]|さん(?:は書きました|のメール)?|\bwrote)\s*[:：]\s*$/,
  /^\s*On .{4,200}\bwrote:\s*$/,
  /^\s*(?:Am|Le) .{4,200}(?:schrieb|a écrit)\s*.{0,80}:\s*$/,
];

/** Outlook puts the header of the older message there: two of these lines in a row. */
const outlook = /^\s*\*?(?:差出人|送信者|送信日時|日時|宛先|件名|From|Sent|Date|To|Cc|Subject)\*?\s*[:：]/i;
const outlookFirst = /^\s*\*?(?:差出人|送信者|From)\*?\s*[:：]/i;
const quoted = /^\s*[>＞|｜]/;
const longest = 200_000;

/** What is new in a text of a mail: quoted lines and what follows the heading of an older message are left out. */
export function ownText(given: string): OwnText {
  const text = given.slice(0, longest);
  const lines = unfolded(text.split('\n'));
  const end = lines.findIndex((_, position) => startsOlder(lines, position));
  const kept = end < 0 ? lines : lines.slice(0, end);
  const own = kept.filter((line) => !quoted.test(line));
  const fresh = own
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  const hasQuote = end >= 0 || own.length < kept.length;
  // A mail that consists of a quotation alone is shown as it is.
  return fresh === '' ? { text: text.trim(), hasQuote: false } : { text: fresh, hasQuote };
}

/** Mail programs break the line that introduces a quotation before the address. */
function unfolded(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    const opened =
      before !== undefined &&
      before.length < 200 &&
      /^\s*(?:On .|\d{4}年\s*\d{1,2}月)/.test(before) &&
      !/[:：]\s*$/.test(before);
    if (opened && line.length < 200 && /[:：]\s*$/.test(line) && /@|wrote/.test(line))
      joined[joined.length - 1] = `${before} ${line}`;
    else joined.push(line);
  }
  return joined;
}

function startsOlder(lines: readonly string[], position: number): boolean {
  const line = lines[position] ?? '';
  if (headings.some((heading) => heading.test(line))) return true;
  return (
    outlookFirst.test(line) && lines.slice(position + 1, position + 4).filter((next) => outlook.test(next)).length >= 2
  );
}
