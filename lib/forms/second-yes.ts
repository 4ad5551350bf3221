import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import type { FormSubmitted } from '../../events/form.ts';
import type { App } from '../core/app.ts';
import { publicUrl, signLink } from '../links/link.ts';
import { sendNotice } from '../mail/notice.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { findSubscription } from '../subscriptions/store.ts';
import { findSubscriptionType } from '../subscriptions/type-store.ts';
import type { FormDefinition } from './schema.ts';

type Submitted = z.output<typeof FormSubmitted.schema>;

const goodForDays = 7;

/**
 * Mails the address a link for each kind of mail that it ticked and that asks for a second yes. Nothing was ticked: nothing is sent. An address
 * gets one such mail a day for a kind, however often somebody types it into forms, and none once the answer is there.
 */
export async function askAgain(app: App, form: FormDefinition, submitted: Submitted): Promise<void> {
  const said = submitted.values.find(({ objectTypeId, name }) => objectTypeId === '0-1' && name === 'email')?.value;
  if (!said) return;
  const email = normaliseEmail(said);
  for (const typeId of submitted.awaiting ?? []) {
    const status = (await findSubscription(app, email))?.types[typeId]?.status;
    const type = await findSubscriptionType(app, typeId);
    if (status !== 'PENDING' || !type) continue;
    const language = submitted.language?.startsWith('en') ? 'en' : 'ja';
    const until = new Date(Date.parse(submitted.occurredAt) + goodForDays * 86_400_000).toISOString();
    const token = await signLink('confirm', { email, typeId, contactId: submitted.recordId }, until);
    const url = `${publicUrl()}/confirm/${token}?lang=${language}`;
    const day = submitted.occurredAt.slice(0, 10);
    await sendNotice(app, {
      id: `confirm-${createHash('sha256').update(`${email}\n${typeId}\n${day}`).digest('hex').slice(0, 32)}`,
      to: email,
      ...words[language]({ kind: type.name[language], form: form.name, url }),
      origin: {
        flowId: form.id,
        runId: submitted.submissionId,
        actionId: 'confirm',
        objectType: submitted.objectType,
        recordId: submitted.recordId,
        cause: [...app.cause],
      },
    });
  }
}

type Said = { readonly kind: string; readonly form: string; readonly url: string };

const words = {
  ja: ({ kind, form, url }: Said) => ({
    subject: `【ご確認】「${kind}」メールの受信について`,
    body: [
      `フォーム「${form}」で、このアドレスへの「${kind}」メールの配信が申し込まれました。`,
      '',
      '受信をご希望の場合は、次のページを開き、ボタンを押してください（7日間有効）。',
      url,
      '',
      'お心当たりのない場合は、このメールを破棄してください。ボタンが押されない限り、配信は始まりません。',
    ].join('\n'),
  }),
  en: ({ kind, form, url }: Said) => ({
    subject: `Please confirm: mails “${kind}”`,
    body: [
      `Mails of the kind “${kind}” were asked for with the form “${form}” for this address.`,
      '',
      'If you want them, please open this page and press the button (within 7 days):',
      url,
      '',
      'If it was not you, please throw this mail away. Nothing will come unless the button is pressed.',
    ].join('\n'),
  }),
};
