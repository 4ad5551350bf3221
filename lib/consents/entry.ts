import * as z from 'zod/mini';
import { LegalBasis } from '../subscriptions/legal-basis.ts';

/**
 * `GIVEN`: ticked, asked for, or stated by a client. `CONFIRMED`: said again by the link of a mail to the address (double opt-in).
 * `REFUSED`: asked and not ticked. `WITHDRAWN`: taken back.
 */
const ConsentKind = z.enum(['GIVEN', 'CONFIRMED', 'REFUSED', 'WITHDRAWN']);

/** Where it was said. Nothing in it tells more of the person than the proof needs: of an IP address only a hash is kept. */
const ConsentSource = z.object({
  kind: z.enum(['FORM', 'PAGE', 'ONE_CLICK', 'API', 'IMPORT', 'CONFIRMATION']),
  formId: z.optional(z.string()),
  formVersion: z.optional(z.string()),
  submissionId: z.optional(z.string()),
  pageUri: z.optional(z.string()),
  ipHash: z.optional(z.string()),
  /** The mail whose link led there. */
  sendId: z.optional(z.string()),
  /** Who stated it for the person: a token, a user, an import. */
  actor: z.optional(z.object({ kind: z.string(), id: z.string() })),
});
export type ConsentSource = z.output<typeof ConsentSource>;

/** One row of the ledger. Rows are never changed. */
export const ConsentEntry = z.object({
  id: z.string(),
  email: z.string(),
  at: z.string(),
  kind: ConsentKind,
  /** `all` for all mail; absent when it was about something else (the use of data). */
  subscriptionTypeId: z.optional(z.string()),
  source: ConsentSource,
  /** SHA-256 of the text that was shown. */
  textHash: z.optional(z.string()),
  legalBasis: z.optional(LegalBasis),
  legalBasisExplanation: z.optional(z.string()),
});
export type ConsentEntry = z.output<typeof ConsentEntry>;
