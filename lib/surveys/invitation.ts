import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { signLink } from '../links/link.ts';
import type { StoredSurvey } from './schema.ts';

/** Whom a link in a mail invites: one contact to one survey by one send. A reminder invites by the send that it reminds of. */
export const Invitation = z.object({ surveyId: z.string(), sendId: z.string(), contactId: z.string() });
export type Invitation = z.output<typeof Invitation>;

/**
 * A link to an anonymous survey: a random number that is drawn for the mail and stored nowhere. Once it was used its hash is kept, so that
 * it is used once; neither the hash nor anything else tells in whose mail it stood.
 */
export const BlindInvitation = z.object({ surveyId: z.string(), blind: z.string() });
export type BlindInvitation = z.output<typeof BlindInvitation>;

export const isBlind = (invitation: Invitation | BlindInvitation): invitation is BlindInvitation =>
  'blind' in invitation;

/** What is kept of a link that was used. */
export const blindHash = ({ surveyId, blind }: BlindInvitation) =>
  createHash('sha256').update(`${surveyId}#${blind}`).digest('base64url');

const dayMs = 86_400_000;
/** A link works this long, or as long as the survey is to be open: whether it is, is asked when it is opened, for its end may be moved. */
const answerDays = 180;

type InvitationTo = {
  readonly contactId: string;
  readonly sendId: string;
  /** The send that this one reminds of. */
  readonly parentSendId?: string | undefined;
  readonly now: string;
};

/**
 * The token of a link to the survey for one recipient; undefined for a reminder of an anonymous survey, which has no link: a second one
 * would be a second answer, and the first one cannot be found again. Links of anonymous surveys end with a day in UTC, so that the end
 * says nothing of the second at which the mail went out.
 */
export async function invitationToken(survey: StoredSurvey, to: InvitationTo): Promise<string | undefined> {
  const { contactId, sendId, parentSendId, now } = to;
  const usual = new Date(Date.parse(now) + answerDays * dayMs).toISOString();
  const until = survey.closesAt !== undefined && survey.closesAt > usual ? survey.closesAt : usual;
  if (!survey.anonymous)
    return signLink('survey', { surveyId: survey.id, sendId: parentSendId ?? sendId, contactId }, until);
  if (parentSendId !== undefined) return undefined;
  const blind = randomBytes(16).toString('base64url');
  return signLink('survey', { surveyId: survey.id, blind }, endOfDay(until));
}

const endOfDay = (time: string) => new Date(Math.ceil(Date.parse(time) / dayMs) * dayMs).toISOString();
