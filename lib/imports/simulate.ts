import { RecordCreated, RecordUpdated } from '../../events/record.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { criteriaWant, enrolment, happeningOf } from '../flows/criteria.ts';
import { readSubmittedForms } from '../flows/load-facts.ts';
import { listenersOf } from '../flows/store.ts';
import type { Outcome } from './write.ts';

/** Which flows a change would have set off: a count for each, by its id. Only the criteria are asked, as enrolment asks them. */
export async function simulateFlows(
  app: App,
  objectType: string,
  outcomes: readonly Outcome[],
): Promise<Record<string, number>> {
  const listeners = await listenersOf(app, objectType);
  const runs: Record<string, number> = {};
  if (listeners.length === 0) return runs;
  const wantsForms = listeners.some(({ criteria }) => criteriaWant(criteria).submittedForms);
  for (const outcome of outcomes) {
    if (outcome.result === 'ERROR' || !outcome.decision) continue;
    const { record, changes } = outcome.decision;
    const event = outcome.result === 'CREATED' ? RecordCreated : RecordUpdated;
    const detail = { ...envelopeOf(app, record), version: 1, changes };
    const happening = happeningOf({ 'detail-type': event.type, source: 'tsunagi', detail });
    const submittedForms =
      wantsForms && outcome.result !== 'CREATED' ? await readSubmittedForms(app, record) : new Set<string>();
    const facts = { now: app.now(), properties: record.properties, submittedForms };
    for (const { flowId, criteria } of listeners) {
      if (enrolment(criteria, happening, facts) !== 'no') runs[flowId] = (runs[flowId] ?? 0) + 1;
    }
  }
  return runs;
}
