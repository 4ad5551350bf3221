import * as z from 'zod/mini';
import { OptIn, SubscriptionType } from './types.ts';

const line = (most: number) =>
  z.string().check(z.minLength(1), z.maxLength(most), z.regex(/^[^\p{Cc}]*$/u, 'must be one line'));
const inBoth = (most: number) => z.strictObject({ ja: line(most), en: line(most) });

const fields = {
  name: inBoth(100),
  /** What the preferences page says of it. */
  description: inBoth(500),
  purpose: line(100),
  communicationMethod: line(100),
  optIn: OptIn,
  isActive: z.boolean(),
  isInternal: z.boolean(),
};

export const SubscriptionTypeInput = z.strictObject({
  ...fields,
  purpose: z._default(fields.purpose, 'Marketing'),
  communicationMethod: z._default(fields.communicationMethod, 'Email'),
  optIn: z._default(OptIn, 'NONE'),
  isActive: z._default(z.boolean(), true),
  isInternal: z._default(z.boolean(), false),
});
export type SubscriptionTypeInput = z.output<typeof SubscriptionTypeInput>;

export const SubscriptionTypePatch = z.partial(z.strictObject(fields));
export type SubscriptionTypePatch = z.output<typeof SubscriptionTypePatch>;

export const PublicSubscriptionType = z.extend(SubscriptionType, { isDefault: z.boolean() });
