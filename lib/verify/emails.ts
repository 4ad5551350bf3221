import * as z from 'zod/mini';
import { EmailRow } from '../emails/schema.ts';
import { emailListingKey, emailSendKey } from '../table/email-keys.ts';
import { sendKey } from '../table/keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';

const check = 'email';

/** What is listed of an e-mail is what it says. */
const listed: Check = {
  entity: 'email',
  examine: async (app, items) => {
    const emails = items.map((item) => ({ key: nameOf(item), row: EmailRow.parse(item) }));
    const stored = await itemsAt(
      app,
      emails.map(({ row }) => emailListingKey(row.id)),
    );
    return emails.flatMap(({ key, row }): Problem[] => {
      const found = stored.get(nameOf(emailListingKey(row.id)));
      if (!found) return [{ check, key, what: 'its row in the list is missing' }];
      const same = JSON.stringify(EmailRow.parse(found)) === JSON.stringify(row);
      return same ? [] : [{ check, key, what: 'its row in the list says something else' }];
    });
  },
};

const Row = z.object({ emailId: z.string(), sendId: z.string() });

/** A send that is counted for an e-mail sends that e-mail. */
const counted: Check = {
  entity: 'email-send',
  examine: async (app, items) => {
    const rows = items.map((item) => ({ key: nameOf(item), ...Row.parse(item) }));
    const sends = await itemsAt(
      app,
      rows.map(({ sendId }) => sendKey(sendId)),
    );
    return rows
      .filter(({ emailId, sendId }) => sends.get(nameOf(sendKey(sendId)))?.emailId !== emailId)
      .map(({ key }) => ({ check, key, what: 'its send is missing, or sends something else' }));
  },
};

/** A send of an e-mail is counted in the e-mail's statistics. */
const sends: Check = {
  entity: 'send',
  examine: async (app, items) => {
    const rows = items.flatMap(({ pk, sk, id, emailId }) =>
      typeof id === 'string' && typeof emailId === 'string'
        ? [{ key: nameOf({ pk, sk }), at: emailSendKey(emailId, id) }]
        : [],
    );
    const stored = await itemsAt(
      app,
      rows.map(({ at }) => at),
    );
    return rows
      .filter(({ at }) => !stored.has(nameOf(at)))
      .map(({ key }) => ({ check, key, what: 'its e-mail does not count it' }));
  },
};

export const emailChecks: readonly Check[] = [listed, counted, sends];
