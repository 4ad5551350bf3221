import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { sendKey, sendListing } from '../table/keys.ts';
import { Send } from './schema.ts';

export const sendItem = (send: Send) => ({
  ...sendKey(send.id),
  gsi1pk: sendListing,
  gsi1sk: listPlace(send),
  entity: 'send',
  ...send,
});

const listPlace = ({ createdAt, id }: Pick<Send, 'createdAt' | 'id'>) => `${createdAt}#${id}`;

/** The send as it is now. 1 read. */
export const findSend = (app: App, id: string): Promise<Send | undefined> => app.table.get(sendKey(id), Send);

/** @throws CrmError 404 */
export async function readSend(app: App, id: string): Promise<Send> {
  const send = await findSend(app, id);
  if (!send) throw new CrmError('OBJECT_NOT_FOUND', `No send has the id ${id}`, { context: { sendId: [id] } });
  return send;
}

/** Sends, newest first. One that was made a moment ago may be missing. The cursor holds the place in the listing. */
export async function listSends(app: App, { after, limit }: { readonly after?: string | undefined; limit: number }) {
  const position = after && {
    startAfter: { ...sendKey(after.slice(after.indexOf('#') + 1)), gsi1pk: sendListing, gsi1sk: after },
  };
  const query = { pk: sendListing, index: 'gsi1' as const, descending: true, limit: limit + 1, ...position };
  const { items, lastKey } = await app.table.query(query, Send);
  const sends = items.slice(0, limit);
  const last = sends.at(-1);
  return { sends, ...((items.length > limit || lastKey) && last && { after: listPlace(last) }) };
}
