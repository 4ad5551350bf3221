/** Text that is markup already. Only `html` and `attributes` make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

export type Part = Html | string | number | false | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

function markupOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(markupOf).join('');
}

/** A tagged template that escapes everything that is put in, in text and in quoted attributes, unless it is `Html`. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((text, position) => text + markupOf(parts[position])).join(''));

/** Attributes with a space before each; `true` is a bare name, `false` and `undefined` are left out. */
export const attributes = (given: Readonly<Record<string, string | number | boolean | undefined>>): Html =>
  new Html(
    Object.entries(given)
      .filter(([, value]) => value !== undefined && value !== false)
      .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`))
      .join(''),
  );

/** The words of a rich text of a definition, without its tags: pages show text, never somebody's markup. */
export const plainText = (rich: string): string =>
  rich
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<br\s*\/?>|<\/(p|div|li|h[1-6])\s*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => decoded[name] ?? ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

const decoded: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The lines of a text, each a paragraph's line. */
export const lines = (text: string): Html[] =>
  text.split('\n').map((line, position) => (position === 0 ? html`${line}` : html`<br>${line}`));
