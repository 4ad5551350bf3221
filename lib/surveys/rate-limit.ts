import type { App } from '../core/app.ts';
import { refuseBeyond } from '../forms/rate-limit.ts';
import { hashOfIp } from '../forms/submission-mark.ts';
import type { Invitation } from './answer-store.ts';

/** Answers a minute. One office may answer through one address. */
const limits = { perInvitation: 20, perIp: 300 } as const;

/** Counts an answer of this minute. @throws CrmError 429 with the seconds until the next minute when there were too many */
export const countAnswer = (app: App, { surveyId, sendId, contactId }: Invitation, ip: string): Promise<void> =>
  refuseBeyond(app, [
    { scope: `survey#${surveyId}#${sendId}#${contactId}`, most: limits.perInvitation },
    { scope: `survey#${surveyId}#${hashOfIp(surveyId, ip)}`, most: limits.perIp },
  ]);
