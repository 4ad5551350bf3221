import * as z from 'zod/mini';
import type { FormDefinition } from './schema.ts';

/** What a submission is answered with: a text for the visitor, or where to send them. */
export const SubmissionAnswer = z.object({
  inlineMessage: z.optional(z.string()),
  redirectUri: z.optional(z.string()),
});
export type SubmissionAnswer = z.output<typeof SubmissionAnswer>;

const thanks = (language: string) =>
  language.startsWith('ja') ? '送信が完了しました。ありがとうございました。' : 'Thanks for submitting the form.';

export const answerOf = ({ configuration: { postSubmitAction, language } }: FormDefinition): SubmissionAnswer =>
  postSubmitAction.type === 'redirect_url'
    ? { redirectUri: postSubmitAction.value }
    : { inlineMessage: postSubmitAction.value || thanks(language) };
