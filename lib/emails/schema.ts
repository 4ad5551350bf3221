import * as z from 'zod/mini';
import { readDatetime } from '../objects/moment.ts';

/** States that we use, in HubSpot's words. A state follows from publishing and unpublishing; nobody sets it. */
const ownStates = [
  'DRAFT',
  'DRAFT_AB',
  'DRAFT_AB_VARIANT',
  'SCHEDULED',
  'SCHEDULED_AB',
  'PUBLISHED',
  'PUBLISHED_AB',
  'PUBLISHED_AB_VARIANT',
  'AUTOMATED_DRAFT',
  'AUTOMATED',
] as const;
export type EmailState = (typeof ownStates)[number];

/** HubSpot's types of an e-mail. Ours are AB_EMAIL, AUTOMATED_EMAIL, BATCH_EMAIL and LOCALTIME_EMAIL. */
export const emailTypes = (
  'AB_EMAIL AUTOMATED_AB_EMAIL AUTOMATED_EMAIL BATCH_EMAIL BLOG_EMAIL BLOG_EMAIL_CHILD FEEDBACK_CES_EMAIL FEEDBACK_CUSTOM_EMAIL ' +
  'FEEDBACK_CUSTOM_SURVEY_EMAIL FEEDBACK_NPS_EMAIL FOLLOWUP_EMAIL LEADFLOW_EMAIL LOCALTIME_EMAIL MANAGE_PREFERENCES_EMAIL ' +
  'MARKETING_SINGLE_SEND_API MEMBERSHIP_EMAIL_VERIFICATION_EMAIL MEMBERSHIP_FOLLOW_UP_EMAIL MEMBERSHIP_OTP_LOGIN_EMAIL ' +
  'MEMBERSHIP_PASSWORD_RESET_EMAIL MEMBERSHIP_PASSWORD_SAVED_EMAIL MEMBERSHIP_PASSWORDLESS_AUTH_EMAIL ' +
  'MEMBERSHIP_REGISTRATION_EMAIL MEMBERSHIP_REGISTRATION_FOLLOW_UP_EMAIL MEMBERSHIP_VERIFICATION_EMAIL OPTIN_EMAIL ' +
  'OPTIN_FOLLOWUP_EMAIL RESUBSCRIBE_EMAIL RSS_EMAIL RSS_EMAIL_CHILD SINGLE_SEND_API SMTP_TOKEN TICKET_EMAIL'
).split(' ');
const ownTypes = ['AB_EMAIL', 'AUTOMATED_EMAIL', 'BATCH_EMAIL', 'LOCALTIME_EMAIL'] as const;

const text = (most: number) => z.string().check(z.maxLength(most));
const line = (most: number) => text(most).check(z.regex(/^[^\p{Cc}]*$/u, 'must be one line'));
const word = line(100);
const moment = z.string().check(z.refine((value) => readDatetime(value) !== undefined, 'must be an ISO 8601 time'));
/** What clients keep in free parts; a table item nests no deeper than 32 levels and holds no larger numbers. */
const anything = z
  .record(z.string(), z.any())
  .check(z.refine((value) => isStorable(value, 24), 'is nested too deeply, or holds a number that is too large'));

function isStorable(value: unknown, levels: number): boolean {
  if (typeof value === 'number') return value === 0 || (Math.abs(value) < 1e120 && Math.abs(value) > 1e-120);
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isStorable(each, levels - 1));
}

/** The item of an e-mail may have 400 KB, and holds its published parts beside its content. */
const longestContent = 120_000;

/**
 * HubSpot's content: modules by name and where they stand. `html` (ours) is a whole document and goes before them; a client that cannot send
 * it may put a whole document into a rich text module.
 */
const contentFields = {
  html: z.optional(z.string()),
  plainTextVersion: z.optional(z.string()),
  templatePath: z.optional(z.string()),
  widgets: z.optional(anything),
  flexAreas: z.optional(anything),
  widgetContainers: z.optional(anything),
  smartFields: z.optional(anything),
  themeSettingsValues: z.optional(anything),
  styleSettings: z.optional(anything),
};
const Content = z.object(contentFields);
export type EmailContent = z.output<typeof Content>;
const ContentInput = z
  .strictObject(contentFields)
  .check(
    z.refine(
      (content) => Buffer.byteLength(JSON.stringify(content)) <= longestContent,
      `must be at most ${longestContent} bytes`,
    ),
  );

const Ids = z.optional(z.array(word).check(z.maxLength(1000)));
const Recipients = z.optional(z.strictObject({ include: Ids, exclude: Ids }));

const parts = {
  name: line(200).check(z.minLength(1)),
  subject: line(1000),
  /** Ours: what mail programs show beside the subject. */
  previewText: line(500),
  from: z.strictObject({
    fromName: z.optional(line(200)),
    replyTo: z.optional(line(254)),
    customReplyTo: z.optional(line(254)),
  }),
  to: z.strictObject({
    contactIds: Recipients,
    contactLists: Recipients,
    contactIlsLists: Recipients,
    limitSendFrequency: z.optional(z.boolean()),
    suppressGraymail: z.optional(z.boolean()),
  }),
  subscriptionDetails: z.strictObject({
    subscriptionId: z.optional(word),
    officeLocationId: z.optional(word),
    preferencesGroupId: z.optional(word),
  }),
  webversion: z.strictObject({
    enabled: z.optional(z.boolean()),
    title: z.optional(line(500)),
    metaDescription: z.optional(line(1000)),
    slug: z.optional(line(500)),
    domain: z.optional(line(253)),
    url: z.optional(line(2000)),
    redirectToUrl: z.optional(line(2000)),
    redirectToPageId: z.optional(word),
    isPageRedirected: z.optional(z.boolean()),
    pageExpiryEnabled: z.optional(z.boolean()),
    expiresAt: z.optional(moment),
  }),
  testing: z.strictObject({
    testId: z.optional(word),
    abStatus: z.optional(word),
    abTestPercentage: z.optional(z.int().check(z.minimum(1), z.maximum(99))),
    abSuccessMetric: z.optional(word),
    abSamplingDefault: z.optional(word),
    abSampleSizeDefault: z.optional(word),
    hoursToWait: z.optional(z.int().check(z.minimum(0), z.maximum(10_000))),
  }),
  rssData: anything,
  language: z.string().check(z.regex(/^[a-z]{2,8}(-[a-z0-9]{2,8})*$/i, 'must be a language, such as ja')),
  publishDate: moment,
  sendOnPublish: z.boolean(),
  jitterSendTime: z.boolean(),
  campaign: word,
  activeDomain: line(253),
  subcategory: word,
  feedbackSurveyId: word,
};

/** What clients send though they cannot change it: `state` tells what kind a new mail is, `archived` is heeded on its own. */
const told = { state: z.optional(word), archived: z.optional(z.boolean()), businessUnitId: z.optional(z.number()) };

const input = { ...parts, content: ContentInput };
const optionalParts = z.partial(z.object(input)).shape;
export const EmailInput = z.strictObject({ ...optionalParts, ...told, name: parts.name });
export type EmailInput = z.output<typeof EmailInput>;
export const EmailPatch = z.strictObject({ ...optionalParts, ...told });
export type EmailPatch = z.output<typeof EmailPatch>;

/** What people write of an e-mail: the part that a draft has for itself. */
const written = { ...z.partial(z.object(parts)).shape, name: z.string(), content: Content };
export const EmailDraft = z.object({
  ...written,
  subject: z.string(),
  from: parts.from,
  businessUnitId: z.optional(z.string()),
  updatedAt: z.string(),
  updatedById: z.optional(z.string()),
});
export type EmailDraft = z.output<typeof EmailDraft>;

/** The parts that go out, as templates: checked, with the footer and inlined styles. */
const Ready = z.object({
  subject: z.string(),
  previewText: z.optional(z.string()),
  html: z.string(),
  text: z.string(),
});
export type Ready = z.output<typeof Ready>;

/** An e-mail as stored, without its draft. */
export const StoredEmail = z.extend(EmailDraft, {
  id: z.string(),
  type: z.enum(ownTypes),
  state: z.enum(ownStates),
  /** There since the first publication: what is sent. */
  ready: z.optional(Ready),
  /** Rises with each change of what people wrote; `version` with any. */
  revision: z.number(),
  version: z.number(),
  createdAt: z.string(),
  createdById: z.optional(z.string()),
  publishedAt: z.optional(z.string()),
  publishedById: z.optional(z.string()),
  clonedFrom: z.optional(z.string()),
  /** The other one of an A/B test. */
  otherId: z.optional(z.string()),
  /** The send that its last publication made. */
  sendId: z.optional(z.string()),
  archivedAt: z.optional(z.string()),
});
export type StoredEmail = z.output<typeof StoredEmail>;

/** What a list of e-mails is filtered and sorted by. */
export const EmailRow = z.pick(StoredEmail, {
  id: true,
  name: true,
  type: true,
  state: true,
  campaign: true,
  publishDate: true,
  createdAt: true,
  updatedAt: true,
  publishedAt: true,
  archivedAt: true,
});
export type EmailRow = z.output<typeof EmailRow>;

/** A version that was the current one once. */
export const EmailRevision = z.object({
  revision: z.number(),
  email: z.omit(StoredEmail, { ready: true }),
  by: z.optional(z.string()),
  at: z.string(),
});
export type EmailRevision = z.output<typeof EmailRevision>;

const Numbers = z.record(z.string(), z.number());
export const Statistics = z.object({
  counters: Numbers,
  ratios: Numbers,
  deviceBreakdown: z.record(z.string(), Numbers),
  qualifierStats: z.record(z.string(), Numbers),
});
export type Statistics = z.output<typeof Statistics>;

/** HubSpot's e-mail, with our `previewText` and `content.html`. */
export const PublicEmail = z.object({
  ...z.omit(StoredEmail, { ready: true, revision: true, version: true, otherId: true, sendId: true, archivedAt: true })
    .shape,
  content: Content,
  from: parts.from,
  to: parts.to,
  subcategory: z.string(),
  sendOnPublish: z.boolean(),
  isPublished: z.boolean(),
  isTransactional: z.boolean(),
  archived: z.boolean(),
  deletedAt: z.optional(z.string()),
  stats: z.optional(Statistics),
  /** Ours: the send that the publication made (`GET /marketing/v1/sends/{sendId}`). */
  sendId: z.optional(z.string()),
});
export type PublicEmail = z.output<typeof PublicEmail>;

export const PublicRevision = z.object({
  id: z.string(),
  object: PublicEmail,
  updatedAt: z.string(),
  user: z.object({ id: z.string(), fullName: z.string(), email: z.string() }),
});
export type PublicRevision = z.output<typeof PublicRevision>;
