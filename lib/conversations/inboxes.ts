import type * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { environment } from '../core/environment.ts';
import { CrmError } from '../core/errors.ts';
import { isAddress } from '../mail/address.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { absent } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { inboxAddressKey, inboxKey, inboxPartition, inboxPrefix } from '../table/inbox-keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { defaultInbox, Inbox, type InboxInput, type InboxPatch } from './schema.ts';

const mostInboxes = 100;

/** The inbox that is there before anybody made or changed one. Its address comes with the installation. */
function firstInbox(): Inbox {
  const at = '2026-11-01T00:00:00.000Z';
  const address = environment('INBOX_ADDRESS');
  return { id: defaultInbox, name: '受信トレイ', address, createContacts: true, createdAt: at, updatedAt: at };
}

/** All inboxes by id, the first one among them. */
export async function listInboxes({ table }: App): Promise<Inbox[]> {
  const stored = await table.all({ pk: inboxPartition, prefix: inboxPrefix }, Inbox);
  const others = stored.filter(({ id }) => id !== defaultInbox);
  return [stored.find(({ id }) => id === defaultInbox) ?? firstInbox(), ...others];
}

/** @throws CrmError 404, or 400 when it is named in a body */
export async function readInbox(app: App, id: string, { named = false } = {}): Promise<Inbox> {
  const stored = await app.table.get(inboxKey(id), Inbox);
  if (stored) return stored;
  if (id === defaultInbox) return firstInbox();
  const category = named ? 'VALIDATION_ERROR' : 'OBJECT_NOT_FOUND';
  throw new CrmError(category, `No inbox with ID ${id} exists`, { context: { inboxId: [id] } });
}

/** Makes an inbox with an address of its own. Mail to it must come in, too: see README. @throws CrmError 400, 409 */
export async function createInbox(app: App, input: z.output<typeof InboxInput>): Promise<Inbox> {
  const address = normaliseEmail(input.address);
  if (!isAddress(address))
    throw new CrmError('VALIDATION_ERROR', 'address: is not an e-mail address', { context: { address: [address] } });
  const now = app.now();
  const inbox: Inbox = { ...input, address, id: app.newId(), createdAt: now, updatedAt: now };
  const all = await listInboxes(app);
  if (all.some((other) => other.address === address)) throw addressTaken(address);
  if (all.length >= mostInboxes)
    throw new CrmError('VALIDATION_ERROR', `There are ${mostInboxes} inboxes, which is the most`);
  await commitOrThrow(app.table, [
    orStale({ put: { ...inboxKey(inbox.id), entity: 'inbox', ...inbox }, when: absent }),
    {
      write: { put: { ...inboxAddressKey(address), entity: 'inbox-address', inboxId: inbox.id }, when: absent },
      refused: () => addressTaken(address),
    },
  ]);
  return inbox;
}

const addressTaken = (address: string) =>
  new CrmError('CONFLICT', 'Another inbox has this address', { context: { address: [address] } });

/** @throws CrmError 404 */
export const updateInbox = (app: App, id: string, patch: z.output<typeof InboxPatch>): Promise<Inbox> =>
  contend(async () => {
    const inbox = { ...(await readInbox(app, id)), ...patch, updatedAt: app.now() };
    await app.table.commit([{ put: { ...inboxKey(id), entity: 'inbox', ...inbox } }]);
    return inbox;
  });

/** The inbox that a mail came to: the one whose address stands among its recipients, else the first. */
export async function inboxOf(app: App, recipients: readonly string[]): Promise<Inbox> {
  const all = await listInboxes(app);
  const plain = new Set(recipients.map((address) => address.replace(/\+[^@]*@/, '@')));
  return all.find(({ address }) => recipients.includes(address) || plain.has(address)) ?? (all[0] as Inbox);
}
