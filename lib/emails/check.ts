import type { App } from '../core/app.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { renderTemplate, TemplateProblem, type Token, tokensIn } from '../templates/render.ts';
import { invalidEmail } from './email.ts';
import type { EmailDraft, Ready } from './schema.ts';
import { writtenParts } from './source.ts';

/** What a mail may be filled from; a template that reads something else has a typing error. */
const roots = new Set(
  (
    'contact company deal ticket owner sender links now site_settings unsubscribe_link unsubscribe_link_all preferences_link ' +
    'view_link view_as_page_url custom'
  ).split(' '),
);
const typesOf: Readonly<Record<string, string>> = { contact: '0-1', company: '0-2', deal: '0-3', ticket: '0-5' };

/** The field in which a part of a mail is written. */
const fields: Readonly<Record<keyof Ready, string>> = {
  subject: 'subject',
  previewText: 'previewText',
  html: 'content',
  text: 'content.plainTextVersion',
};

/** Refuses parts that are no templates, or do not end, or read what no mail has. @throws CrmError 400 naming the field */
export async function checkTemplates(draft: EmailDraft): Promise<void> {
  const parts = writtenParts(draft);
  for (const name of ['subject', 'previewText', 'html', 'text'] as const) {
    const template = parts[name];
    if (template !== undefined) await checkTemplate(template, fields[name], name === 'html' ? 'html' : 'text');
  }
}

async function checkTemplate(template: string, field: string, kind: 'html' | 'text'): Promise<void> {
  try {
    const unknown = tokensIn(template).find(({ path }) => !roots.has(rootOf(path)));
    if (unknown) throw invalidEmail(field, `{{ ${unknown.path} }} is nothing that a mail is filled from`);
    await renderTemplate(template, {}, kind);
  } catch (error) {
    throw error instanceof TemplateProblem ? invalidEmail(field, error.message) : error;
  }
}

const rootOf = (path: string) => path.split(/[.[]/)[0] ?? '';

export const tokensOf = ({ subject, previewText = '', html, text }: Ready): Token[] =>
  [subject, previewText, html, text].flatMap(tokensIn);

/** @throws CrmError 400 naming the properties that no record has */
export async function checkProperties(app: App, parts: Ready): Promise<void> {
  const named = [...new Set(tokensOf(parts).map(({ path }) => path))].flatMap((path) => {
    const [, root = '', property = ''] = /^(\w+)\.(\w+)$/.exec(path) ?? [];
    const objectType = typesOf[root];
    return objectType ? [{ path, objectType, property }] : [];
  });
  const unknown: string[] = [];
  for (const { path, objectType, property } of named) {
    const known = await loadObjectType(app, objectType);
    if (known.properties.has(property)) continue;
    const { properties } = await loadObjectType(app, objectType, { fresh: true });
    if (!properties.has(property)) unknown.push(path);
  }
  if (unknown.length > 0) throw invalidEmail('content', `there is no property for ${unknown.join(', ')}`);
}
