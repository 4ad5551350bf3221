import { expect, test } from 'vitest';
import type { Question } from '../../../lib/surveys/schema.ts';
import { conditionProblems, shownQuestions } from '../../../lib/surveys/show-if.ts';
import { survey } from './given.ts';

const score: Question = { id: 'score', type: 'score', label: '評価' };
const why: Question = {
  id: 'why',
  type: 'select',
  label: '理由',
  options: ['遅い', '高い'],
  showIf: { questionId: 'score', max: 6 },
};
const which: Question = { id: 'which', type: 'text', label: 'どこが', showIf: { questionId: 'why', in: ['遅い'] } };
const praise: Question = {
  id: 'praise',
  type: 'text',
  label: '良い点',
  showIf: { questionId: 'score', in: ['9', '10'] },
};
const asked = survey({ questions: [score, why, which, praise] });

test.each([
  [{}, ['score']],
  [{ score: ['3'] }, ['score', 'why']],
  [{ score: ['3'], why: ['遅い'] }, ['score', 'why', 'which']],
  [{ score: ['3'], why: ['高い'] }, ['score', 'why']],
  [{ score: ['9'], why: ['遅い'] }, ['score', 'praise']],
  [{ score: ['7'] }, ['score']],
  [{ score: ['3x'] }, ['score']],
  [{ why: ['遅い'] }, ['score']],
])('%j brings up %j', (given, expected) => {
  const shown = shownQuestions(asked, new Map(Object.entries(given as Record<string, string[]>)));
  expect(shown.map(({ id }) => id)).toEqual(expected);
});

test.each([
  [{ questionId: 'later', min: 1 }, 'showIf.questionId'],
  [{ questionId: 'own', min: 1 }, 'showIf.questionId'],
  [{ questionId: 'words', in: ['x'] }, 'showIf.questionId'],
  [{ questionId: 'score' }, 'showIf'],
  [{ questionId: 'score', min: 9, max: 3 }, 'showIf'],
  [{ questionId: 'score', max: 11 }, 'showIf'],
  [{ questionId: 'score', in: ['11'] }, 'showIf.in'],
  [{ questionId: 'pick', in: ['赤'] }, 'showIf.in'],
  [{ questionId: 'pick', min: 1 }, 'showIf'],
])('the condition %j is refused by its place', (showIf, place) => {
  const before: Question[] = [
    score,
    { id: 'words', type: 'text', label: '自由' },
    { id: 'pick', type: 'select', label: '色', options: ['青'] },
  ];
  const own: Question = { id: 'own', type: 'text', label: '条件つき', showIf };
  const questions: Question[] = [...before, own, { id: 'later', type: 'text', label: '後' }];
  expect(conditionProblems({ type: 'NPS', questions }).map(({ at }) => at)).toEqual([`questions.3.${place}`]);
});
