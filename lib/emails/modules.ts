import { attributes, Html, html } from '../pages/html.ts';
import type { EmailContent } from './schema.ts';

type Body = Readonly<Record<string, unknown>>;
type Widget = { readonly name: string; readonly path: string; readonly body: Body };

const objectOf = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {});
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function widgetsOf({ widgets = {} }: EmailContent): ReadonlyMap<string, Widget> {
  return new Map(
    Object.entries(widgets).map(([name, widget]) => {
      const body = objectOf(objectOf(widget).body);
      return [name, { name, path: textOf(body.path) ?? '', body }];
    }),
  );
}

/** The names of the modules as the areas arrange them, row by row; without areas as they stand. */
function arranged(content: EmailContent, widgets: ReadonlyMap<string, Widget>): readonly Widget[] {
  const areas = Object.values(content.flexAreas ?? {}).flatMap((area) => listOf(objectOf(area).sections));
  const names = areas
    .flatMap((section) => listOf(objectOf(section).columns))
    .flatMap((column) => listOf(objectOf(column).widgets));
  const named = names.flatMap((name) => widgets.get(String(name)) ?? []);
  return named.length > 0 ? named : [...widgets.values()];
}

/** What the module of HubSpot's editor for the text beside the subject holds. */
export const previewTextOf = (content: EmailContent): string | undefined =>
  textOf(widgetsOf(content).get('preview_text')?.body.value);

const isDocument = (markup: string) => /^\s*(?:<!doctype\b|<html\b)/i.test(markup);

/** What people write is theirs: the markup of a module goes into the mail as it is. */
function markupOf({ path, body }: Widget): Html {
  if (/image/.test(path)) return image(body);
  if (/button|cta/.test(path)) return button(body);
  if (/divider/.test(path)) return html`<hr style="border:0;border-top:1px solid #c5ccd4;margin:16px 0">`;
  return new Html(textOf(body.html) ?? '');
}

function image({ img, link, alt }: Body): Html {
  const { src, alt: own, width } = objectOf(img);
  const tag = html`<img${attributes({ src: textOf(src), alt: textOf(own) ?? textOf(alt) ?? '', width: textOf(width) })} style="max-width:100%;height:auto;border:0">`;
  const target = textOf(link);
  return target ? html`<a href="${target}">${tag}</a>` : tag;
}

const button = ({ text, destination, background_color: colour }: Body): Html =>
  html`<a href="${textOf(destination) ?? ''}" style="display:inline-block;padding:12px 24px;border-radius:4px;background:${textOf(colour) ?? '#1f5fbf'};color:#ffffff;text-decoration:none;font-weight:bold">${textOf(text) ?? ''}</a>`;

/**
 * The HTML of an e-mail: its own document, the one that a rich text module holds, or HubSpot's modules (rich text, image, button, divider) in
 * the order of their areas, in a frame that mail programs show alike.
 */
export function documentOf(content: EmailContent, language = 'ja'): string {
  if (content.html) return content.html;
  const widgets = widgetsOf(content);
  const whole = [...widgets.values()].map(({ body }) => textOf(body.html) ?? '').find(isDocument);
  if (whole !== undefined) return whole;
  const shown = arranged(content, widgets).filter(({ name }) => name !== 'preview_text');
  const { backgroundColor, bodyColor, primaryFont, primaryFontColor, primaryFontSize } = content.styleSettings ?? {};
  const font = `${textOf(primaryFont) ?? '"Hiragino Sans","Yu Gothic UI",Meiryo'},sans-serif`;
  const style = `background:${textOf(bodyColor) ?? '#ffffff'};color:${textOf(primaryFontColor) ?? '#1f2933'};font:${textOf(primaryFontSize) ?? '16'}px/1.7 ${font}`;
  const rows = shown.map((widget) => html`<tr><td style="padding:8px 24px">${markupOf(widget)}</td></tr>`);
  return String(html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;background:${textOf(backgroundColor) ?? '#f3f5f8'}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="max-width:100%;${style}">
${rows}
</table></td></tr></table></body></html>`);
}
