import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { insertProperty, readDefinitions } from '../properties/store.ts';
import { type Answers, answerProperty, submissionProperties } from './answer.ts';
import type { StoredSurvey } from './schema.ts';

const feedbackSubmissions = '0-19';

/**
 * Sees to it that feedback submissions have a property for each question, so that flows, lists and reports can go by it. Surveys share
 * one by the question's id; it holds text, whatever the question's type. What is there already stays as it is.
 * @throws CrmError 400 naming a question whose property somebody made with another type
 */
export async function ensureAnswerProperties(app: App, { questions }: StoredSurvey): Promise<void> {
  const { properties } = await readDefinitions(app, feedbackSubmissions);
  for (const { id, label } of questions) {
    const name = answerProperty(id);
    const known = properties.get(name);
    if (known && known.type !== 'string') throw otherType(id, known.type);
    if (!known) await insert(app, name, label);
  }
}

const otherType = (id: string, type: string) =>
  new CrmError('VALIDATION_ERROR', `The question ${id} cannot have this id: its property is of the type ${type}`, {
    context: { questionId: [id] },
  });

async function insert(app: App, name: string, label: string): Promise<void> {
  try {
    await insertProperty(app, feedbackSubmissions, {
      name,
      label,
      type: 'string',
      fieldType: 'textarea',
      groupName: 'feedbackinformation',
    });
  } catch (error) {
    // Another survey with such a question is published at the same time.
    if (!(error instanceof CrmError) || error.category !== 'OBJECT_ALREADY_EXISTS') throw error;
  }
}

/** The properties of an answer's submission, without those that somebody has archived since the survey was published. */
export async function knownProperties(
  app: App,
  survey: StoredSurvey,
  answers: Answers,
): Promise<Record<string, string>> {
  const { properties } = await loadObjectType(app, feedbackSubmissions);
  const all = Object.entries(submissionProperties(survey, answers));
  const own = new Set(survey.questions.map(({ id }) => answerProperty(id)));
  return Object.fromEntries(all.filter(([name]) => !own.has(name) || properties.get(name)?.type === 'string'));
}
