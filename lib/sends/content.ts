import type { App } from '../core/app.ts';
import { findEmail } from '../emails/store.ts';
import type { CrmRecord } from '../objects/record.ts';
import { findSurvey } from '../surveys/store.ts';
import { emailContent } from './email-content.ts';
import type { MailKind, Recipient } from './recipient.ts';
import type { Send } from './schema.ts';
import { surveyContent } from './survey-content.ts';

/** A message ready for the wire, or the tokens that have neither a value for this person nor a default. */
export type Composed = { readonly raw: Buffer } | { readonly missing: readonly string[] };

/** What some people's mails are made of, read for all of them together. */
export type Prepared = {
  readonly compose: (row: Recipient, contact: CrmRecord) => Promise<Composed>;
  /** Tokens without a value and without a default; none for most people. */
  readonly missingFor: (contact: CrmRecord) => Promise<readonly string[]>;
};

/** What a send sends: a survey's invitation or an e-mail. */
export type Content = {
  readonly kind: MailKind;
  /** Why none of it may go out any more. */
  readonly closed?: string;
  /** Whether it could lack a value that somebody does not have. */
  readonly mayMiss: boolean;
  readonly prepare: (contacts: readonly CrmRecord[]) => Promise<Prepared>;
};

/** What a send sends, as it is now. */
export async function contentOf(app: App, send: Send): Promise<Content> {
  if (send.emailId !== undefined) return emailContent(app, send, await findEmail(app, send.emailId));
  const survey = send.surveyId === undefined ? undefined : await findSurvey(app, send.surveyId);
  return surveyContent(app, send, survey);
}
