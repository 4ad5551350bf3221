import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { CrmRecord } from '../objects/record.ts';
import { absent } from '../table/conditions.ts';
import { recordKey } from '../table/keys.ts';
import { blockedAddressKey } from '../table/lifecycle-keys.ts';
import type { Step } from '../table/steps.ts';
import type { Write } from '../table/write.ts';

/** Who has the address can tell whether it is blocked; from the row nobody learns the address. */
const hashOf = (email: string) => createHash('sha256').update(normaliseEmail(email)).digest('hex');

/** The address of somebody who was erased does not come back by API, import or sync. */
export const blockWrite = (email: string, at: string): Write => ({
  put: { ...blockedAddressKey(hashOf(email)), entity: 'blocked-address', blockedAt: at },
});

/** Who sends a form himself wants to be known again. */
const ownWill: readonly string[] = ['form', 'survey'];

const blocklisted = () =>
  new CrmError('VALIDATION_ERROR', 'The contact with this e-mail address was erased on request', {
    subCategory: 'EMAIL_BLOCKLISTED',
    context: { propertyName: ['email'] },
  });

const isAsked = (email: string | null | undefined, actorKind: string): email is string =>
  Boolean(email) && !ownWill.includes(actorKind);

/** The check that an address which a record gets is not blocked. */
export const notBlockedSteps = (email: string | null | undefined, actorKind: string): Step[] =>
  isAsked(email, actorKind)
    ? [{ write: { check: blockedAddressKey(hashOf(email)), when: absent }, refused: blocklisted }]
    : [];

const Row = z.object({ pk: z.string(), sk: z.string() });

/**
 * Reads a contact by its id together with whether the address that it shall get is blocked: one call, and two write units less than a
 * check in the transaction. Who erases an address at the very moment at which somebody else gives it to a contact came before.
 * @throws CrmError 400 for a blocked address
 */
export async function readUnlessBlocked(app: App, id: string, email: string): Promise<CrmRecord | undefined> {
  const key = recordKey({ objectType: '0-1', id });
  const blocked = blockedAddressKey(hashOf(email));
  const found = await app.table.getMany([key, blocked], z.union([CrmRecord, Row]));
  const record = found.find((item): item is CrmRecord => 'properties' in item);
  const isNew = record?.properties.email !== normaliseEmail(email);
  if (isNew && found.some((item) => 'pk' in item && item.pk === blocked.pk)) throw blocklisted();
  return record;
}

/** Whether an address that a contact shall get is to be looked at before. */
export const asksForAddress = (objectType: string, email: unknown, actorKind: string): email is string =>
  objectType === '0-1' && typeof email === 'string' && isAsked(email, actorKind);
