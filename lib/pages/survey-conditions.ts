import type { Question, StoredSurvey } from '../surveys/schema.ts';
import { positionsBringingUp } from '../surveys/show-if.ts';

export const questionElementId = ({ id }: Pick<Question, 'id'>) => `q-${id}`;
/** The first choice has the question's own id: that is where a link to the question leads. */
export const choiceId = (question: Pick<Question, 'id'>, position: number) =>
  position === 0 ? questionElementId(question) : `${questionElementId(question)}-${position}`;
export const conditionalClass = ({ id }: Pick<Question, 'id'>) => `if-${id}`;

/**
 * Style rules that show a question with a condition while a choice that brings it up is made, along with those that it depends on in
 * turn. Ids hold letters, digits, `_` and `-` alone, so that they are selectors as they are.
 */
export function conditionStyle({ type, questions }: StoredSurvey): string {
  const byId = new Map(questions.map((question) => [question.id, question]));
  const holds = ({ showIf }: Question): string => {
    const asked = showIf && byId.get(showIf.questionId);
    if (!asked) return '';
    const made = positionsBringingUp(type, showIf, asked).map((position) => `#${choiceId(asked, position)}:checked`);
    return `${holds(asked)}:has(${made.join(',') || '#none'})`;
  };
  const shown = questions
    .filter(({ showIf }) => showIf)
    .map((question) => `form${holds(question)} .${conditionalClass(question)}`);
  if (shown.length === 0) return '';
  return `@supports selector(form:has(a)){.if{display:none}.if .hint{display:none}${shown.join(',')}{display:block}}`;
}
