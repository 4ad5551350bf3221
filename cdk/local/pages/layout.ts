import { type Html, html } from './html.ts';

const style = html`
  <style>
    body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; color: #1d2733; background: #fff }
    nav a { margin-right: 1rem } a { color: #0b6e75 } h1 { font-size: 1.4rem }
    table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #dde3e8 }
    pre { background: #f4f6f8; padding: .6rem; overflow: auto; white-space: pre-wrap; word-break: break-word; margin: 0 }
    iframe { width: 100%; height: 32rem; border: 1px solid #dde3e8 } button { font: inherit } .none { color: #66727d }
  </style>
`;

const sections = ['mail', 'slack', 'webhooks', 'salesforce', 'queues', 'calls', 'faults', 'clock'];

/** A whole page of `/local`. */
export const page = (title: string, content: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · Tsunagi on localhost</title>${style}</head>
      <body>
        <nav><a href="/local">Home</a>${sections.map((name) => html`<a href="/local/${name}">${name}</a>`)}</nav>
        <main><h1>${title}</h1>${content}</main>
      </body>
    </html>`.text;

/** A table, or a sentence when there is nothing to list. */
export const table = (heads: readonly string[], rows: readonly (readonly unknown[])[], whenEmpty: string): Html =>
  rows.length === 0
    ? html`<p class="none">${whenEmpty}</p>`
    : html`<table>
        <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
      </table>`;

/** A value as indented JSON. */
export const json = (value: unknown): Html => html`<pre>${JSON.stringify(value, null, 2)}</pre>`;
