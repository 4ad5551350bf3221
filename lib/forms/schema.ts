import * as z from 'zod/mini';
import { mostCommunications } from './communications.ts';

const fieldTypes = [
  'email',
  'phone',
  'mobile_phone',
  'single_line_text',
  'multi_line_text',
  'number',
  'datepicker',
  'dropdown',
  'radio',
  'multiple_checkboxes',
  'single_checkbox',
  'file',
  'payment_link_radio',
] as const;
export type FieldType = (typeof fieldTypes)[number];

const text = (most: number) => z.string().check(z.maxLength(most));
const flag = (usual: boolean) => z._default(z.boolean(), usual);

const Option = z.object({
  label: text(1000),
  value: text(1000),
  description: z.optional(text(1000)),
  displayOrder: z._default(z.number(), -1),
});

const Validation = z.object({
  useDefaultBlockList: z.optional(z.boolean()),
  blockedEmailDomains: z.optional(z.array(text(255))),
  minAllowedDigits: z.optional(z.int().check(z.minimum(0))),
  maxAllowedDigits: z.optional(z.int().check(z.minimum(0))),
});

const fieldShape = {
  objectTypeId: z._default(text(50), '0-1'),
  name: text(200).check(z.minLength(1)),
  /** Absent: the property's label. */
  label: z.optional(text(1000)),
  fieldType: z.enum(fieldTypes),
  required: flag(false),
  hidden: flag(false),
  description: z.optional(text(5000)),
  placeholder: z.optional(text(1000)),
  defaultValue: z.optional(text(65_536)),
  defaultValues: z.optional(z.array(text(1000))),
  options: z.optional(z.array(Option).check(z.maxLength(1000))),
  validation: z.optional(Validation),
  useCountryCodeSelect: z.optional(z.boolean()),
  allowMultipleFiles: z.optional(z.boolean()),
};

const conditionOperators = [
  'eq',
  'neq',
  'contains',
  'doesnt_contain',
  'str_starts_with',
  'str_ends_with',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'not_between',
  'set_any',
  'set_not_any',
  'set_all',
  'set_not_all',
  'set_eq',
  'set_neq',
  'is_not_empty',
] as const;

const Condition = z.object({
  operator: z.enum(conditionOperators),
  value: z._default(z.string(), ''),
  values: z._default(z.array(z.string()), []),
  rangeStart: z._default(z.string(), ''),
  rangeEnd: z._default(z.string(), ''),
});
export type DependentCondition = z.output<typeof Condition>;

/** A field that another one brings up. It brings up none itself. */
const DependentField = z.object({
  ...fieldShape,
  dependentFields: z._default(z.array(z.unknown()).check(z.maxLength(0)), []),
});
const Field = z.object({
  ...fieldShape,
  dependentFields: z._default(z.array(z.object({ dependentCondition: Condition, dependentField: DependentField })), []),
});
export type FormField = z.output<typeof Field>;
export type DependentFormField = z.output<typeof DependentField>;

const FieldGroup = z.object({
  groupType: z._default(z.enum(['default_group', 'progressive', 'queued']), 'default_group'),
  richTextType: z._default(z.enum(['text', 'image']), 'text'),
  richText: z.optional(text(65_536)),
  fields: z.array(Field).check(z.maxLength(1000)),
});

const WebAddress = z.url({ protocol: /^https?$/, error: 'is not an http or https address' });
const PostSubmitAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('thank_you'), value: z._default(text(65_536), '') }),
  z.object({ type: z.literal('redirect_url'), value: WebAddress }),
]);

const Configuration = z.object({
  language: z._default(text(10), 'ja'),
  postSubmitAction: z._default(PostSubmitAction, { type: 'thank_you', value: '' }),
  createNewContactForNewEmail: flag(false),
  editable: flag(true),
  cloneable: flag(true),
  archivable: flag(true),
  allowLinkToResetKnownValues: flag(false),
  prePopulateKnownValues: flag(false),
  notifyContactOwner: flag(false),
  notifyRecipients: z._default(z.array(text(254)), []),
  recaptchaEnabled: flag(false),
  lifecycleStages: z.optional(z.array(z.object({ objectTypeId: z.string(), value: z.string() }))),
  /** Ours: how many submissions a minute are accepted; absent = what `rate-limit.ts` says. */
  submissionLimits: z.optional(
    z.object({
      perIpPerMinute: z.optional(z.int().check(z.minimum(1))),
      perFormPerMinute: z.optional(z.int().check(z.minimum(1))),
    }),
  ),
  /** Ours: what the form's page and script ask of a post; absent = two seconds, and a post from elsewhere needs no stamp. */
  spamProtection: z.optional(
    z.object({
      minimumSeconds: z.optional(z.int().check(z.minimum(0), z.maximum(60))),
      requireStamp: z.optional(z.boolean()),
    }),
  ),
});

const style = {
  fontFamily: 'sans-serif',
  backgroundWidth: '100%',
  labelTextColor: '#33475b',
  labelTextSize: '14px',
  helpTextColor: '#7c98b6',
  helpTextSize: '11px',
  legalConsentTextColor: '#33475b',
  legalConsentTextSize: '14px',
  submitColor: '#1f5fbf',
  submitAlignment: 'left',
  submitFontColor: '#ffffff',
  submitSize: '14px',
};
const DisplayOptions = z.object({
  renderRawHtml: flag(false),
  cssClass: z.optional(text(1000)),
  theme: z._default(z.enum(['default_style', 'canvas', 'linear', 'round', 'sharp', 'legacy']), 'default_style'),
  submitButtonText: z._default(text(200), '送信'),
  style: z._default(z.record(z.string(), z.string()), style),
});

const communications = {
  communicationConsentText: z.optional(text(65_536)),
  communicationsCheckboxes: z._default(
    z
      .array(z.object({ subscriptionTypeId: z.number(), label: text(5000), required: flag(false) }))
      .check(z.maxLength(mostCommunications)),
    [],
  ),
  privacyText: z._default(text(65_536), ''),
};
const LegalConsentOptions = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({
    type: z.literal('legitimate_interest'),
    subscriptionTypeIds: z._default(z.array(z.number()).check(z.maxLength(mostCommunications)), []),
    lawfulBasis: z.enum(['lead', 'client', 'other']),
    privacyText: z._default(text(65_536), ''),
  }),
  z.object({
    type: z.literal('explicit_consent_to_process'),
    ...communications,
    consentToProcessText: z.optional(text(65_536)),
    consentToProcessCheckboxLabel: z.optional(text(5000)),
    consentToProcessFooterText: z.optional(text(65_536)),
  }),
  z.object({
    type: z.literal('implicit_consent_to_process'),
    ...communications,
    consentToProcessText: z.optional(text(65_536)),
  }),
]);
export type LegalConsentOptions = z.output<typeof LegalConsentOptions>;

const content = {
  name: text(500).check(z.minLength(1)),
  fieldGroups: z.array(FieldGroup).check(z.maxLength(200)),
  configuration: z.prefault(Configuration, {}),
  displayOptions: z.prefault(DisplayOptions, {}),
  legalConsentOptions: z._default(LegalConsentOptions, { type: 'none' }),
};

/** What a client sends to define a form. Times and `archived` of HubSpot's body are ours to say and are ignored. */
export const FormInput = z.object({ formType: z._default(z.literal('hubspot'), 'hubspot'), ...content });
export type FormInput = z.output<typeof FormInput>;

/** A change: what is left out stays, within `configuration` and `displayOptions` too. `archived: false` takes a form out of the archive. */
export const FormPatch = z.object({
  name: z.optional(content.name),
  fieldGroups: z.optional(content.fieldGroups),
  configuration: z.optional(z.record(z.string(), z.unknown())),
  displayOptions: z.optional(z.record(z.string(), z.unknown())),
  legalConsentOptions: z.optional(LegalConsentOptions),
  archived: z.optional(z.boolean()),
});
export type FormPatch = z.output<typeof FormPatch>;

/** HubSpot's form definition. */
export const FormDefinition = z.object({
  id: z.string(),
  formType: z.literal('hubspot'),
  ...content,
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean(),
  archivedAt: z.optional(z.string()),
});
export type FormDefinition = z.output<typeof FormDefinition>;

/** A definition as stored. */
export const StoredForm = z.extend(FormDefinition, { version: z.number() });
export type StoredForm = z.output<typeof StoredForm>;
