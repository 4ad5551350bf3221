import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { inParallel } from '../table/in-parallel.ts';
import { listedRecipients, totalsOf } from './ledger.ts';
import { findPreview } from './preview-store.ts';
import { type ListedState, listedAs, listedStates, Recipient } from './recipient.ts';
import type { PublicSend, Send } from './schema.ts';
import { toPublicSend } from './send.ts';
import { listSends, readSend } from './send-store.ts';

const atOnce = 10;

export const withTotals = async (app: App, send: Send): Promise<PublicSend> =>
  toPublicSend(send, await totalsOf(app, send.id), app.now());

/** A send with what the last look at its audience found. @throws CrmError 404 */
export async function showSend(app: App, id: string): Promise<PublicSend> {
  const send = await readSend(app, id);
  const [shown, preview] = await Promise.all([withTotals(app, send), findPreview(app, id)]);
  if (!preview) return shown;
  const { run: _, sendVersion: __, ...figures } = preview;
  return { ...shown, preview: figures };
}

/** A page of sends with their totals, newest first: a query for the page and one for each send. */
export async function showSends(app: App, page: { readonly after?: string | undefined; readonly limit: number }) {
  const { sends, ...rest } = await listSends(app, page);
  return { sends: await inParallel(sends, atOnce, (send) => withTotals(app, send)), ...rest };
}

/** A recipient as the API shows it. */
export const PublicRecipient = z.extend(z.omit(Recipient, { sendId: true, leaseUntil: true, source: true }), {
  state: z.enum(listedStates),
});
export type PublicRecipient = z.output<typeof PublicRecipient>;

const toPublic = ({ sendId: _, leaseUntil: __, source: ___, ...row }: Recipient): PublicRecipient => ({
  ...row,
  state: listedAs(row.state),
});

const noCursor = () =>
  new CrmError('VALIDATION_ERROR', 'after: is not a cursor of this API', {
    errors: [{ message: 'is not a cursor of this API', code: 'INVALID_CURSOR', in: 'after' }],
    context: { fields: ['after'] },
  });

/** A place in the listing: the state, and the contact after which to go on. */
const placeOf = (state: ListedState, contactId: string) => `${state}.${contactId}`;

/**
 * A page of a send's recipients by state and contact id, of one state or of all. The listing is an index that lags by a moment, so who
 * changes state meanwhile may be on two pages or none. @throws CrmError 404; 400 for what is no cursor
 */
export async function showRecipients(
  app: App,
  id: string,
  {
    state,
    after,
    limit,
  }: { readonly state?: ListedState | undefined; readonly after?: string; readonly limit: number },
): Promise<{ readonly recipients: PublicRecipient[]; readonly after?: string }> {
  await readSend(app, id);
  const [from, contactId] = (after ?? '').split('.');
  const begin = listedStates.includes(from as ListedState) ? (from as ListedState) : undefined;
  if (after !== undefined && !(begin && contactId)) throw noCursor();
  const states = state ? [state] : listedStates.slice(begin ? listedStates.indexOf(begin) : 0);
  const found: Recipient[] = [];
  for (const each of states) {
    const position = each === (begin ?? state) && contactId ? { after: contactId } : {};
    const { rows, more } = await listedRecipients(app, id, each, { ...position, limit: limit + 1 - found.length });
    found.push(...rows);
    if (found.length > limit || more) break;
  }
  const recipients = found.slice(0, limit).map(toPublic);
  const last = recipients.at(-1);
  return { recipients, ...(found.length > limit && last && { after: placeOf(last.state, last.contactId) }) };
}
