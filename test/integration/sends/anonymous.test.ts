import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseMail } from '../../../cdk/local/services/mime.ts';
import { handler as answerSurvey } from '../../../functions/pages/answer-survey.ts';
import { handler as confirm } from '../../../functions/sends/confirm.ts';
import { handler as setFatiguePolicy } from '../../../functions/sends/set-fatigue-policy.ts';
import { call } from '../../support/call.ts';
import { bearer } from '../../support/database.ts';
import { givenSurvey } from '../../support/surveys.ts';
import { type Mail, type Stand, startStand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
  await stand.forgetPace();
});
afterAll(() => stand?.stop());

async function sendTo(body: Record<string, unknown>): Promise<string> {
  stand.mails.splice(0);
  const sendId = await stand.draft({ subscriptionTypeId: '1', ...body });
  await stand.order(confirm, sendId);
  await stand.drain();
  return sendId;
}
const linksIn = ({ raw }: Mail): string[] =>
  [...(parseMail(Buffer.from(raw, 'latin1')).html ?? '').matchAll(/(?:href|src)="([^"]*)"/g)].map(
    ([, url = '']) => url,
  );
const surveyLinks = (mail: Mail) => linksIn(mail).filter((url) => url.includes('/s/'));

test('an anonymous survey is mailed without a trace, marks nobody, and is reminded of without a link, also within limits of surveys', async () => {
  const policy = { perPerson: { surveys: 1, days: 90 } };
  expect((await call(setFatiguePolicy, { method: 'PUT', body: policy, headers: bearer() })).status).toBe(200);
  const people = await stand.contacts(2);
  const surveyId = await givenSurvey({ anonymous: true, subject: '働きやすさのお伺い' });
  const asked = await sendTo({ surveyId, audience: { listIds: [], contactIds: people } });
  const mails = [...stand.mails];
  expect(mails).toHaveLength(2);
  // No pixel and no redirected link: only the survey itself, by links that differ from person to person, and the way out.
  for (const mail of mails) for (const url of linksIn(mail)) expect(url).toMatch(/^https:\/\/public\.test\/[su]\//);
  const tokens = mails.map((mail) => new URL(surveyLinks(mail)[0] ?? '').pathname.slice('/s/'.length));
  expect(new Set(tokens).size).toBe(2);

  const answered = await call(answerSurvey, {
    path: { token: tokens[0] ?? '' },
    body: 'score=3',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(answered.status).toBe(200);
  expect((await stand.send(asked)).ledger).toMatchObject({ recipients: 2, accepted: 2, answered: 0 });

  const audience = { listIds: [], notAnsweredOf: asked };
  await sendTo({ surveyId, audience, parentSendId: asked });
  expect(stand.mails.map(({ tags }) => tags.contact).toSorted()).toEqual(people.toSorted());
  for (const mail of stand.mails) expect(surveyLinks(mail)).toEqual([]);
});
