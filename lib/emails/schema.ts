import * as z from 'zod/mini';

/** HubSpot's states of an e-mail that we use. */
export const emailStates = [
  'DRAFT',
  'DRAFT_AB',
  'DRAFT_AB_VARIANT',
  'SCHEDULED',
  'SCHEDULED_AB',
  'PUBLISHED',
  'PUBLISHED_AB',
  'PUBLISHED_AB_VARIANT',
  'LOSER_AB_VARIANT',
  'AUTOMATED_DRAFT',
  'AUTOMATED',
] as const;

const text = (most: number) => z.string().check(z.maxLength(most));
const line = (most: number) => text(most).check(z.regex(/^[^\p{Cc}]*$/u, 'must be one line'));

/** HubSpot's content: modules by name and where they stand; `html` (ours) is a whole document and goes before them. */
export const EmailContent = z.looseObject({
  html: z.optional(z.string()),
  plainTextVersion: z.optional(z.string()),
  templatePath: z.optional(z.string()),
  widgets: z.optional(z.record(z.string(), z.any())),
  flexAreas: z.optional(z.record(z.string(), z.any())),
  widgetContainers: z.optional(z.record(z.string(), z.any())),
  smartFields: z.optional(z.record(z.string(), z.any())),
  themeSettingsValues: z.optional(z.record(z.string(), z.any())),
  styleSettings: z.optional(z.record(z.string(), z.any())),
});
export type EmailContent = z.output<typeof EmailContent>;

export const EmailFrom = z.object({
  fromName: z.optional(line(200)),
  replyTo: z.optional(line(254)),
  customReplyTo: z.optional(line(254)),
});

/** An e-mail as stored. `ready` is what its last publication sends: checked, with its styles inlined. */
export const StoredEmail = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  /** What mail programs show beside the subject. */
  previewText: z.optional(z.string()),
  content: EmailContent,
  from: EmailFrom,
  language: z.optional(z.string()),
  state: z.enum(emailStates),
  ready: z.optional(
    z.object({ html: z.string(), text: z.string(), subject: z.string(), previewText: z.optional(z.string()) }),
  ),
  version: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  archivedAt: z.optional(z.string()),
});
export type StoredEmail = z.output<typeof StoredEmail>;
