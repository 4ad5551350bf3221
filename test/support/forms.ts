import * as z from 'zod/mini';
import { handler as create } from '../../functions/forms/create.ts';
import { handler as submit } from '../../functions/forms/submit.ts';
import { submissionListing } from '../../lib/table/keys.ts';
import { type Answer, call } from './call.ts';
import { bearer, type Database } from './database.ts';

export const portal = '24601001';

/** A field of a form as a client sends it. */
export const field = (name: string, fieldType = 'single_line_text', more: Record<string, unknown> = {}) => ({
  objectTypeId: '0-1',
  name,
  label: name,
  fieldType,
  required: false,
  hidden: false,
  ...more,
});

export const enquiry = [
  field('email', 'email', { required: true, label: 'メールアドレス' }),
  field('lastname', 'single_line_text', { label: '姓' }),
  field('firstname', 'single_line_text', { label: '名' }),
  field('message', 'multi_line_text', { label: 'お問い合わせ内容' }),
];

/** The body that defines a form with these fields. */
export const formBody = (fields: readonly unknown[], more: Record<string, unknown> = {}) => ({
  formType: 'hubspot',
  name: 'お問い合わせ',
  fieldGroups: [{ groupType: 'default_group', richTextType: 'text', fields }],
  ...more,
});

/** Defines a form and returns its id. */
export async function givenForm(
  fields: readonly unknown[] = enquiry,
  more: Record<string, unknown> = {},
): Promise<string> {
  const answer = await call(create, { body: formBody(fields, more), headers: bearer() });
  if (answer.status !== 201) throw new Error(answer.text);
  return (answer.body as { id: string }).id;
}

export type Sent = {
  readonly headers?: Record<string, string>;
  readonly sourceIp?: string;
  readonly portalId?: string;
};

/** Posts values to a form as a landing page does. `rest` is the rest of HubSpot's body. */
export const post = (
  formGuid: string,
  values: Record<string, unknown>,
  rest: Record<string, unknown> = {},
  sent: Sent = {},
): Promise<Answer> =>
  call(submit, {
    path: { portalId: sent.portalId ?? portal, formGuid },
    body: { fields: Object.entries(values).map(([name, value]) => ({ objectTypeId: '0-1', name, value })), ...rest },
    ...(sent.headers && { headers: sent.headers }),
    ...(sent.sourceIp && { sourceIp: sent.sourceIp }),
  });

const Submission = z.looseObject({ submissionId: z.string(), contactId: z.string(), submittedAt: z.string() });

/** The stored submissions of a form, oldest first. */
export const submissionsOf = ({ app }: Database, formId: string) =>
  app.table.all({ pk: submissionListing(formId), index: 'gsi1' }, Submission);

const EventItem = z.looseObject({ type: z.string(), detail: z.looseObject({}) });

/** The events in the log of a contact, by type. */
export async function eventsOf({ app }: Database, contactId: string, type: string): Promise<Record<string, unknown>[]> {
  const items = await app.table.all({ pk: `0-1#${contactId}`, prefix: 'event#' }, EventItem);
  return items.filter((item) => item.type === type).map(({ detail }) => detail);
}
