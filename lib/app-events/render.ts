import type { StoredTemplate } from './schema.ts';

type Told = { readonly tokens: Readonly<Record<string, string>>; readonly extraData?: unknown };

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

function valueAt(path: string, { tokens, extraData }: Told): string {
  const own = tokens[path];
  if (own !== undefined) return own;
  const [root, ...rest] = path.split('.');
  if (root !== 'extraData') return '';
  const found = rest.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    extraData,
  );
  return found === undefined || found === null ? '' : typeof found === 'object' ? JSON.stringify(found) : String(found);
}

/** A template's text with the event's values in the place of `{{ name }}` and `{{ extraData.a.b }}`; what is unknown is left out. */
export const filled = (template: string, told: Told): string =>
  template.replace(/\{\{\{?\s*([\w.-]+)\s*\}?\}\}/g, (_, path: string) => valueAt(path, told));

/** The same as HTML: values and text are escaped, lines stay lines. */
export const rendered = (template: string, told: Told): string =>
  filled(template, told)
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escaped(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('');

export const headerOf = ({ headerTemplate, name }: Pick<StoredTemplate, 'headerTemplate' | 'name'>) =>
  headerTemplate ?? name;
