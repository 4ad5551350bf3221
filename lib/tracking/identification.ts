import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { readLink, signLink } from '../links/link.ts';
import { addressOf } from '../subscriptions/store.ts';

/** HubSpot's time: a page asks for a new one when somebody signs in again. */
const goodForMs = 12 * 3_600_000;

export const IdentificationRequest = z.object({
  email: z.string().check(z.maxLength(254)),
  firstName: z.optional(z.string().check(z.maxLength(200))),
  lastName: z.optional(z.string().check(z.maxLength(200))),
});

const Claims = z.object({ email: z.string() });

/**
 * A proof for twelve hours that the site knows who its visitor is: the site asks for it with its access token and hands it to the page, which
 * gives it to `identify`. Its holder can read the address and the name in it. @throws CrmError 400
 */
export function identificationToken(
  app: App,
  { email, ...names }: z.output<typeof IdentificationRequest>,
): Promise<string> {
  const until = new Date(Date.parse(app.now()) + goodForMs).toISOString();
  const given = Object.fromEntries(
    Object.entries(names).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
  return signLink('identification', { email: addressOf(email), ...given }, until);
}

/** The address that a token proves; undefined when it is forged or too old. */
export async function provenAddress(token: string): Promise<string | undefined> {
  const read = await readLink('identification', token, Claims);
  return 'claims' in read ? read.claims.email : undefined;
}
