import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { emailKey } from '../table/email-keys.ts';
import { StoredEmail } from './schema.ts';

/** The e-mail, archived or not. 1 read. */
export const findEmail = ({ table }: App, id: string): Promise<StoredEmail | undefined> =>
  table.get(emailKey(id), StoredEmail);

/** The e-mail as it is now. @throws CrmError 404 also for an archived one */
export async function readEmail(app: App, id: string): Promise<StoredEmail> {
  const email = await findEmail(app, id);
  if (!email || email.archivedAt) throw new CrmError('OBJECT_NOT_FOUND', `No email with ID ${id} exists`);
  return email;
}
