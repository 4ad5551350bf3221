import { send as enqueue } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { ConditionFailed } from '../table/table.ts';
import type { Content } from './content.ts';
import { changeWrites, commitChanges } from './ledger.ts';
import { cancelled, enlisted, type Recipient } from './recipient.ts';
import type { Send } from './schema.ts';
import { screen } from './screen.ts';
import { survivorOf } from './survivor.ts';

/**
 * The mail of a contact that was merged since goes to the one that it was merged into, if that gets none by this send already: in one
 * transaction the one mail is cancelled and the other joins the recipients.
 */
export async function passOn(
  app: App,
  { send, content }: { readonly send: Send; readonly content: Content },
  row: Recipient,
  mergedInto: string,
): Promise<undefined> {
  const survivor = await survivorOf(app, mergedInto);
  const { chosen } = survivor ? await screen(app, { send, content }, [survivor.id]) : { chosen: [] };
  const now = app.now();
  const leaves = cancelled(row, 'MERGED', now);
  const [person] = chosen;
  if (!person) return void (await commitChanges(app, send.id, [leaves]));
  const joins = enlisted({ ...person, sendId: send.id, source: row.source }, now);
  try {
    await app.table.commit(changeWrites(send.id, [leaves, joins]));
    await enqueue('bulk-mail', [{ sendId: send.id, contactId: person.contactId }]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // The survivor is a recipient of its own, or another worker was faster.
    await commitChanges(app, send.id, [leaves]);
  }
  return undefined;
}
