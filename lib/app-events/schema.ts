import * as z from 'zod/mini';
import { Moment } from '../objects/input.ts';

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const TokenOption = z.object({ label: z.string(), value: z.string() });
const Options = z.optional(z.array(TokenOption).check(z.maxLength(500)));

export const TokenInput = z.object({
  name: z
    .string()
    .check(z.regex(/^[A-Za-z][\w-]{0,99}$/, 'must start with a letter and have letters, digits, _ and - only')),
  label: text(250),
  type: z.enum(['date', 'enumeration', 'number', 'string']),
  objectPropertyName: z.optional(z.string()),
  options: Options,
});
export const TokenUpdate = z.object({ label: text(250), objectPropertyName: z.optional(z.string()), options: Options });

const times = { createdAt: z.optional(z.string()), updatedAt: z.optional(z.string()) };
export const Token = z.extend(TokenInput, times);
export type Token = z.output<typeof Token>;

const Tokens = z.array(TokenInput).check(z.maxLength(500, 'takes at most 500 tokens'));
const templates = {
  headerTemplate: z.optional(z.string().check(z.maxLength(1000))),
  detailTemplate: z.optional(z.string().check(z.maxLength(10_000))),
};

export const TemplateInput = z.object({ name: text(50), objectType: z.string(), tokens: Tokens, ...templates });
export const TemplateUpdate = z.object({ id: z.string(), name: text(50), tokens: Tokens, ...templates });

/** A template of an app's events, as HubSpot shows it. */
export const PublicTemplate = z.object({
  id: z.string(),
  name: z.string(),
  objectType: z.string(),
  tokens: z.array(Token),
  ...templates,
  ...times,
});
export const StoredTemplate = z.extend(PublicTemplate, {
  appId: z.string(),
  objectTypeId: z.string(),
  version: z.number(),
});
export type StoredTemplate = z.output<typeof StoredTemplate>;

const IFrame = z.object({
  linkLabel: z.string(),
  headerLabel: z.string(),
  url: z.string(),
  width: z.number(),
  height: z.number(),
});
const Values = z.record(z.string(), z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String)));

/** An event as an app tells of it: for a record by its id, or for a contact by its e-mail address. */
export const TimelineEventInput = z.object({
  eventTemplateId: z.string(),
  tokens: Values,
  id: z.optional(z.string().check(z.minLength(1), z.maxLength(250))),
  objectId: z.optional(z.string()),
  email: z.optional(z.string()),
  utk: z.optional(z.string()),
  domain: z.optional(z.string()),
  timestamp: z.optional(Moment),
  extraData: z.optional(z.unknown()),
  timelineIFrame: z.optional(IFrame),
});
export type TimelineEventInput = z.output<typeof TimelineEventInput>;

export const PublicTimelineEvent = z.object({
  id: z.string(),
  eventTemplateId: z.string(),
  objectType: z.string(),
  objectId: z.optional(z.string()),
  email: z.optional(z.string()),
  domain: z.optional(z.string()),
  utk: z.optional(z.string()),
  tokens: z.record(z.string(), z.string()),
  extraData: z.optional(z.unknown()),
  timelineIFrame: z.optional(IFrame),
  timestamp: z.optional(z.string()),
  createdAt: z.optional(z.string()),
});
export type PublicTimelineEvent = z.output<typeof PublicTimelineEvent>;
