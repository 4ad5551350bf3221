import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { mailSenderKey } from '../table/email-keys.ts';

const line = (most: number) => z.string().check(z.maxLength(most), z.regex(/^[^\p{Cc}]*$/u, 'must be one line'));

/**
 * Who sends advertising, as 特定電子メール法 wants it in each mail: name, address (住所), and where questions go (an address, a number or a page).
 * What a template does not say itself is added to its end.
 */
export const SenderDetails = z.strictObject({
  senderName: z.optional(line(200)),
  address: z.optional(line(500)),
  contact: z.optional(line(500)),
});
export type SenderDetails = z.output<typeof SenderDetails>;

const Row = z.object({ value: SenderDetails });

export const readSenderDetails = async ({ table }: App): Promise<SenderDetails> =>
  (await table.get(mailSenderKey, Row))?.value ?? {};

export async function saveSenderDetails({ table, now }: App, value: SenderDetails): Promise<SenderDetails> {
  await table.commit([{ put: { ...mailSenderKey, entity: 'mail-sender', value, updatedAt: now() } }]);
  return value;
}
