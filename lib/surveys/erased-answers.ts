import { dayIn, defaultZone } from '../flows/zoned-time.ts';
import { scoreAttribute } from '../projections/survey-result.ts';
import { erasedAnswersKey } from '../table/survey-keys.ts';
import type { Write } from '../table/write.ts';
import type { StoredAnswer } from './answer-row.ts';

type Erased = Pick<StoredAnswer, 'surveyId' | 'answeredAt'> & {
  readonly score?: number | undefined;
  readonly contactId?: string | undefined;
};

/**
 * Counts an answer that is erased. The results keep its score, which leads to nobody by itself; this row is what they are held against
 * from then on.
 */
export function countErased({ surveyId, answeredAt, score, contactId }: Erased): Write {
  const day = dayIn(Date.parse(answeredAt), defaultZone);
  return {
    update: erasedAnswersKey(surveyId, day),
    set: { entity: 'erased-answers', surveyId, day },
    add: {
      responses: 1,
      ...(score !== undefined && { [scoreAttribute(score)]: 1 }),
      ...(contactId === undefined && { anonymous: 1 }),
    },
  };
}
