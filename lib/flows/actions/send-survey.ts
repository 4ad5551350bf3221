import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { listAssociated } from '../../associations/store.ts';
import type { App } from '../../core/app.ts';
import { CrmError } from '../../core/errors.ts';
import { announceJob } from '../../jobs/store.ts';
import { sendWrites } from '../../sends/create.ts';
import { isOpen } from '../../surveys/schema.ts';
import { findSurvey } from '../../surveys/store.ts';
import type { RecordRef } from '../../table/keys.ts';
import { alsoStep, commitOrThrow, onceStep } from '../../table/steps.ts';
import { defineAction, effect } from '../action.ts';
import { Target, targetNow } from '../values.ts';

const contacts = '0-1';
/** Contacts of one record who are asked at most: the first that were made. */
const mostContacts = 10;

/**
 * Send a survey `{survey_id}` to the contact, or to the contacts of a ticket, a deal or any other record, which the answers are then
 * about: they are associated with it. The usual rules of sends hold (who wants no mail, limits of frequency).
 */
export const action = defineAction({
  typeId: 'send-survey',
  name: 'send a survey',
  fields: z.object({
    survey_id: z.string().check(z.minLength(1)),
    /** Which kind of mail it is; default: surveys. */
    subscription_type_id: z.optional(z.string().check(z.minLength(1))),
    /** Who got another send's mail within so many days is left out. */
    cooldown_days: z.optional(z.int().check(z.minimum(1), z.maximum(3650))),
    target: Target,
  }),
  plan: ({ survey_id, subscription_type_id, cooldown_days, target }, facts) => {
    const { objectType, id } = targetNow(target, facts);
    return effect({
      surveyId: survey_id,
      record: { objectType, id },
      ...(subscription_type_id !== undefined && { subscriptionTypeId: subscription_type_id }),
      ...(cooldown_days !== undefined && { cooldownDays: cooldown_days }),
    });
  },
  run: async ({ surveyId, record, ...terms }, { app, key, mark, guard }) => {
    const survey = await findSurvey(app, surveyId);
    if (!survey || !isOpen(survey, app.now()))
      throw new CrmError('VALIDATION_ERROR', `The survey ${surveyId} is not published, or is closed`);
    const contactIds = await contactsOf(app, record);
    if (contactIds.length === 0) return { surveyId, skipped: 'the record has no contact' };
    const about = record.objectType === contacts ? undefined : { objectType: record.objectType, recordId: record.id };
    const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const input = { surveyId, audience: { listIds: [], contactIds }, ...(about && { about }), ...terms };
    const { job, writes } = await sendWrites(app, input, id);
    const output = { surveyId, sendId: id, contactIds };
    await commitOrThrow(app.table, [onceStep(mark(output)), ...[...writes, ...guard].map(alsoStep)]);
    await announceJob(job);
    return output;
  },
});

async function contactsOf(app: App, record: RecordRef): Promise<string[]> {
  if (record.objectType === contacts) return [record.id];
  const { items } = await listAssociated(app, record, contacts, { limit: mostContacts });
  return items.map(({ to }) => to.id);
}
