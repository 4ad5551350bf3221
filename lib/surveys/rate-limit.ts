import type { App } from '../core/app.ts';
import { refuseBeyond } from '../forms/rate-limit.ts';
import { hashOfIp } from '../forms/submission-mark.ts';
import { type BlindInvitation, blindHash, type Invitation, isBlind } from './invitation.ts';

/** Answers a minute. One office may answer through one address. */
const limits = { perInvitation: 20, perIp: 300 } as const;

/**
 * Counts an answer of this minute. Of an anonymous one the address is not looked at: what is counted stands in the table for a while.
 * @throws CrmError 429 with the seconds until the next minute when there were too many
 */
export function countAnswer(app: App, invitation: Invitation | BlindInvitation, ip: string): Promise<void> {
  const { surveyId } = invitation;
  if (isBlind(invitation))
    return refuseBeyond(app, [{ scope: `survey#${surveyId}#${blindHash(invitation)}`, most: limits.perInvitation }]);
  return refuseBeyond(app, [
    { scope: `survey#${surveyId}#${invitation.sendId}#${invitation.contactId}`, most: limits.perInvitation },
    { scope: `survey#${surveyId}#${hashOfIp(surveyId, ip)}`, most: limits.perIp },
  ]);
}
