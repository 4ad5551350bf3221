import * as z from 'zod/mini';
import { readLink, signLink } from '../links/link.ts';
import { fieldKey } from './field.ts';
import type { FormDefinition, FormField } from './schema.ts';
import type { SubmittedValue } from './submission.ts';

/** Fields that a browser has sent before, by their keys. It says nothing of what was sent, nor of any contact. */
export type KnownFields = ReadonlySet<string>;
export const nothingKnown: KnownFields = new Set();

const rememberedDays = 180;
const mostRemembered = 60;

/** The address says who it is, so it is asked each time. */
const isAlwaysAsked = ({ objectTypeId, name }: Pick<FormField, 'objectTypeId' | 'name'>) =>
  objectTypeId === '0-1' && name === 'email';

type Form = Pick<FormDefinition, 'fieldGroups'>;

/** Whether a form asks more of those who come again. */
export const isProgressive = ({ fieldGroups }: Form): boolean =>
  fieldGroups.some(({ groupType }) => groupType !== 'default_group');

/**
 * The form as this browser is asked it. Fields of progressive groups that it sent before are left out, and each of them makes room for the
 * next field of the queued groups that it did not send yet. A stranger sees the progressive fields and no queued one.
 */
export function askedForm<F extends Form>(form: F, known: KnownFields): F {
  if (!isProgressive(form)) return form;
  const isKnown = (field: FormField) => known.has(fieldKey(field)) && !isAlwaysAsked(field);
  const inGroups = (type: string) =>
    form.fieldGroups.filter(({ groupType }) => groupType === type).flatMap(({ fields }) => fields);
  const places = inGroups('progressive').filter(isKnown).length;
  const queued = new Set(
    inGroups('queued')
      .filter((field) => !isKnown(field))
      .slice(0, places),
  );
  const fieldGroups = form.fieldGroups.map((group) => ({
    ...group,
    fields: group.fields.filter((field) => {
      if (group.groupType === 'default_group' || isAlwaysAsked(field)) return true;
      return group.groupType === 'progressive' ? !isKnown(field) : queued.has(field);
    }),
  }));
  return { ...form, fieldGroups: fieldGroups.filter(({ fields, richText }) => fields.length > 0 || richText) };
}

const Claims = z.object({ known: z.string() });

/** What a browser remembers, by the token that it was given; nothing for one that is forged or too old. */
export async function knownFields(token: string | undefined): Promise<KnownFields> {
  if (!token || token.length > 8000) return nothingKnown;
  const link = await readLink('form-visitor', token, Claims);
  return 'refused' in link ? nothingKnown : new Set(link.claims.known.split(' ').filter(Boolean));
}

/** The token for a browser that has just sent these values: the names of the fields, signed, and nothing else. */
export function rememberedBy(
  known: KnownFields,
  values: readonly Pick<SubmittedValue, 'objectTypeId' | 'name'>[],
  now: string,
): Promise<string> {
  const all = [...new Set([...known, ...values.map(fieldKey)])].slice(-mostRemembered);
  const until = new Date(Date.parse(now) + rememberedDays * 86_400_000).toISOString();
  return signLink('form-visitor', { known: all.join(' ') }, until);
}
