import * as z from 'zod/mini';

/** What can be wrong with the name of a person; `DUPLICATE_PERSON` tells of two records. */
export const findingTypes = [
  'NAME_IN_ONE_FIELD',
  'FULLNAME_IN_FAMILY',
  'HONORIFIC',
  'COMPANY_IN_NAME',
  'SERVICE_IN_NAME',
  'SWAPPED',
  'DEPARTMENT_IN_NAME',
  'ROLE_ADDRESS',
  'EMOJI_OR_SYMBOL',
  'HALF_WIDTH_KANA',
  'LATIN_CASE',
  'TEST_NAME',
  'DUPLICATE_PERSON',
] as const;
export const FindingType = z.enum(findingTypes);
export type FindingType = z.output<typeof FindingType>;

/** Why something is suggested, for a program and for a reader of either language. */
export const Reason = z.object({ code: z.string(), ja: z.string(), en: z.string() });
export type Reason = z.output<typeof Reason>;

/** A name as it could be. Every letter of the input is in one of the parts, or in `removed`; blanks are not. */
export const Suggestion = z.object({
  lastname: z.string(),
  firstname: z.string(),
  honorific: z.optional(z.string()),
  company: z.optional(z.string()),
  department: z.optional(z.string()),
  jobtitle: z.optional(z.string()),
  /** Names of services and the like that stood in the name: A8. */
  tags: z.array(z.string()),
  /** What belongs nowhere: symbols, what was said twice, a role instead of a name. */
  removed: z.array(z.string()),
  findings: z.array(FindingType),
  /** From 0 (a person must decide) to 1. */
  confidence: z.number(),
  reasons: z.array(Reason),
});
export type Suggestion = z.output<typeof Suggestion>;

/** A suggestion with the one company that is meant by the name of a company in it, if there is one: with it the contact is associated. */
export const SuggestionWithCompany = z.extend(Suggestion, { companyId: z.optional(z.string()) });

/** The person's name as it stands, and what else is known of the person. */
export type NameInput = {
  readonly lastname?: string | undefined;
  readonly firstname?: string | undefined;
  readonly company?: string | undefined;
  readonly email?: string | undefined;
};

/** Names that are no person's, as somebody taught them. */
export type KnownWord = { readonly word: string; readonly kind: 'company' | 'service' };
