import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { type CrmRecord, createRecord, type RecordOptions } from '../objects/store.ts';
import type { RecordRef } from '../table/keys.ts';
import { emails } from './email-type.ts';
import type { Message, Party } from './schema.ts';

/** DynamoDB's items have 400 KB; the thread keeps more of a text, and the mail as it came all of it. */
const longestText = 30_000;

/** What the record of a mail says. */
function propertiesOf(message: Message, status: string | undefined): Record<string, string> {
  const { from, to, cc, subject, text, html, direction, createdAt, threadId, mailId, files } = message;
  return {
    hs_timestamp: createdAt,
    hs_email_direction: direction === 'INCOMING' ? 'INCOMING_EMAIL' : 'EMAIL',
    ...(subject && { hs_email_subject: subject }),
    hs_email_text: text.slice(0, longestText),
    ...(html !== undefined && html.length <= longestText && { hs_email_html: html }),
    hs_email_headers: JSON.stringify({ from: from && partyOf(from), to: firsts(to), cc: firsts(cc) }),
    hs_email_thread_id: threadId,
    ...(mailId !== undefined && { hs_email_message_id: mailId.slice(0, 250) }),
    ...(files.length > 0 && { hs_attachment_ids: files.map(({ id }) => id).join(';') }),
    ...(status !== undefined && { hs_email_status: status }),
  };
}

const partyOf = ({ address, name }: Party) => ({ email: address, ...(name && { lastName: name }) });
const firsts = (parties: readonly Party[]) => parties.slice(0, 50).map(partyOf);

type Written = { readonly associations: readonly RecordRef[]; readonly status?: string } & Pick<
  RecordOptions,
  'once' | 'also'
>;

/**
 * Writes the record of a mail with what stands or falls with it, in one transaction. A mail that is there must not be lost because of its
 * associations: `lenient` writes it without those that are refused. @throws CrmError 400, 422
 */
export async function writeEmailRecord(
  app: App,
  message: Message & { readonly emailId: string },
  { associations, status, once, also }: Written,
  { lenient = false } = {},
): Promise<CrmRecord> {
  const write = (refs: readonly RecordRef[]) =>
    createRecord(app, emails, propertiesOf(message, status), {
      id: message.emailId,
      associations: refs.map((to) => ({ to, types: 'default' as const })),
      ...(once && { once }),
      ...(also && { also }),
    });
  const attempt = async (refs: readonly RecordRef[]): Promise<CrmRecord> => {
    try {
      return await write(refs);
    } catch (error) {
      if (!lenient || refs.length === 0 || !isRefusal(error)) throw error;
      const contact = refs.filter(({ objectType }) => objectType === '0-1').slice(0, 1);
      return attempt(contact.length < refs.length ? contact : []);
    }
  };
  return attempt(associations);
}

/** What no later try would change; trouble that passes must not cost a mail its associations. */
const isRefusal = (error: unknown) => error instanceof CrmError && error.status < 500 && error.category !== 'CONFLICT';
