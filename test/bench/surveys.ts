import { type App, app } from '../../lib/core/app.ts';
import { createRecord } from '../../lib/objects/store.ts';
import { checkAnswers } from '../../lib/surveys/answer.ts';
import { answerItem } from '../../lib/surveys/answer-row.ts';
import { findAnswer, storeAnswer } from '../../lib/surveys/answer-store.ts';
import { storeBlindAnswer } from '../../lib/surveys/blind-answer.ts';
import { readResults } from '../../lib/surveys/result-store.ts';
import type { StoredSurvey } from '../../lib/surveys/schema.ts';
import { readSurvey } from '../../lib/surveys/store.ts';
import { inParallel } from '../../lib/table/in-parallel.ts';
import { recordKey } from '../../lib/table/keys.ts';
import { Meter } from '../../lib/table/meter.ts';
import { type Database, startDatabase } from '../support/database.ts';
import { givenSurvey } from '../support/surveys.ts';

export type SurveyCost = {
  readonly what: string;
  /** Answers a second. */
  readonly perSecond: number;
  readonly calls: number;
  readonly rru: number;
  readonly wru: number;
};

const answersAtOnce = 8;
const measured = 200;
const grouped = 10_000;
const perTransaction = 50;

/** Calls and units of an answer, and of what the results read; and how many answers a second the embedded database takes. */
export async function measureSurveys(): Promise<SurveyCost[]> {
  const database = await startDatabase();
  try {
    const surveys = { own: await givenSurvey(), anonymous: await givenSurvey({ anonymous: true }) };
    const own = await readSurvey(database.app, surveys.own);
    const anonymous = await readSurvey(database.app, surveys.anonymous);
    const people = await inParallel(Array.from({ length: measured }), answersAtOnce, async (_, n) => {
      const { id } = await createRecord(database.app, '0-1', { email: `bench${n}@example.co.jp` });
      return { surveyId: own.id, sendId: 'bench', contactId: id };
    });
    const costs = [
      await cost('an answer', people, (at, person, n) => storeAnswer(at, own, person, given(own, n))),
      await cost('an answer that is changed', people, (at, person, n) =>
        storeAnswer(at, own, person, given(own, n + 1)),
      ),
      await cost('the page of somebody who has answered', people, (at, person) => findAnswer(at, person)),
      await cost('an anonymous answer', people, (at, _, n) =>
        storeBlindAnswer(at, anonymous, { surveyId: anonymous.id, blind: String(n) }, given(anonymous, n)),
      ),
    ];
    const large = { ...own, id: 'bench-large' };
    await givenAnswers(database, large);
    for (const groupBy of ['contact.city', 'answer.score'])
      costs.push(
        await cost(`results of ${grouped} answers by ${groupBy}`, [groupBy], (at, by) =>
          readResults(at, large, { period: 'month', groupBy: by }),
        ),
      );
    return costs;
  } finally {
    await database.close();
  }
}

async function cost<T>(
  what: string,
  tasks: readonly T[],
  run: (at: App, task: T, position: number) => Promise<unknown>,
): Promise<SurveyCost> {
  const meter = new Meter();
  const at = app({ actor: { kind: 'system', id: 'bench' }, meter });
  const start = performance.now();
  await inParallel(tasks, answersAtOnce, (task, position) => run(at, task, position));
  const seconds = (performance.now() - start) / 1000;
  const per = (sum: number) => sum / tasks.length;
  return { what, perSecond: tasks.length / seconds, calls: per(meter.calls), rru: per(meter.rru), wru: per(meter.wru) };
}

function given(survey: StoredSurvey, n: number) {
  const checked = checkAnswers(
    survey,
    new Map([
      ['score', [String(n % 11)]],
      ['comment', ['担当の方の説明がとても丁寧で、安心して任せられました。']],
    ]),
  );
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked;
}

/** Answers of as many contacts, written as they lie: to make them one by one would take minutes and is not what is measured. */
async function givenAnswers({ app: { table } }: Database, survey: StoredSurvey): Promise<void> {
  const at = new Date().toISOString();
  const starts = Array.from({ length: grouped / perTransaction }, (_, chunk) => chunk * perTransaction);
  await inParallel(starts, answersAtOnce, (start) =>
    table.commit(
      Array.from({ length: perTransaction }, (_, n) => start + n).flatMap((n) => {
        const { answers, score = 0 } = given(survey, n);
        const times = { answeredAt: at, updatedAt: at };
        const whose = { surveyId: survey.id, sendId: 'bench', contactId: `9${n}`, submissionId: `8${n}` };
        const contact = { objectType: '0-1', id: `9${n}`, properties: { city: `市${n % 47}`, lastname: '佐藤' } };
        return [
          { put: answerItem({ ...whose, ...times, score, answers: [...answers], version: 1 }) },
          { put: { ...recordKey(contact), ...contact, entity: 'record', version: 1, createdAt: at, updatedAt: at } },
        ];
      }),
    ),
  );
}
