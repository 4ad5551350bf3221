import { publicUrl, signLink } from '../links/link.ts';
import type { StoredEmail } from './schema.ts';
import { sourceOf } from './source.ts';

/** A mail that is found again years later still has its page. */
const goodForDays = 5 * 365;

/** Whether a mail leads to its page in the web. */
export const leadsToView = (email: StoredEmail): boolean =>
  /\bview_(?:link|as_page_url)\b|\blinks\.view\b/.test(JSON.stringify(sourceOf(email)));

/** The page that shows a mail as this contact got it. Whoever has the link sees it. */
export async function viewUrlOf(
  { emailId, contactId }: { readonly emailId: string; readonly contactId: string },
  now: string,
): Promise<string> {
  const until = new Date(Date.parse(now) + goodForDays * 86_400_000).toISOString();
  return `${publicUrl()}/v/${await signLink('view', { emailId, contactId }, until)}`;
}
