import type { App } from '../../lib/core/app.ts';
import { StoredEmail } from '../../lib/emails/schema.ts';
import { emailKey } from '../../lib/table/email-keys.ts';

/** A published e-mail as it lies in the table. */
export async function givenEmail(
  app: App,
  ready: { readonly subject: string; readonly html: string; readonly text: string },
): Promise<string> {
  const id = app.newId();
  const now = app.now();
  const email = {
    id,
    name: 'お知らせ',
    subject: ready.subject,
    content: { html: ready.html },
    from: { fromName: 'ツナギ' },
    language: 'ja',
    type: 'AUTOMATED_EMAIL',
    state: 'PUBLISHED',
    ready,
    revision: 1,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await app.table.commit([{ put: { ...emailKey(id), entity: 'email', ...StoredEmail.parse(email) } }]);
  return id;
}
