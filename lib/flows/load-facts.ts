import * as z from 'zod/mini';
import { FormSubmitted } from '../../events/form.ts';
import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import { readRecord } from '../objects/read-store.ts';
import { readOwner } from '../owners/store.ts';
import { eventPrefix, type RecordRef, recordKey } from '../table/keys.ts';
import { type Facts, type Subject, wantedBy } from './facts.ts';
import type { Run } from './run.ts';
import { enrolledIn } from './run.ts';
import type { FlowAction } from './schema.ts';

/** Reads what a step depends on, and no more; undefined when the enrolled record is gone. */
export async function loadFacts(app: App, run: Run, step: FlowAction): Promise<Facts | undefined> {
  const wanted = wantedBy(step);
  const [enrolled, made, associated, submittedForms] = await Promise.all([
    readSubject(app, enrolledIn(run)),
    readMade(app, run, wanted.made),
    readAssociated(app, enrolledIn(run), wanted.associated),
    wanted.submittedForms ? readSubmittedForms(app, enrolledIn(run)) : new Set<string>(),
  ]);
  if (!enrolled) return undefined;
  const ownerId = wanted.owner ? enrolled.properties.hubspot_owner_id : undefined;
  const owner = ownerId ? await readOwner(app, ownerId) : undefined;
  const { flowId, runId, outputs } = run;
  return {
    now: app.now(),
    portalId: app.portalId,
    flowId,
    runId,
    enrolled,
    outputs,
    made,
    associated,
    submittedForms,
    ...(owner && { owner }),
  };
}

async function readSubject(app: App, { objectType, id }: RecordRef): Promise<Subject | undefined> {
  const record = await readRecord(app, objectType, { id });
  return record && { objectType, id, properties: record.properties };
}

const Made = z.object({ objectType: z.string(), recordId: z.string() });

async function readMade(app: App, { outputs }: Run, actionIds: readonly string[]): Promise<Facts['made']> {
  const found = await Promise.all(
    actionIds.map(async (actionId) => {
      const { data } = Made.safeParse(outputs[actionId]);
      const subject = data && (await readSubject(app, { objectType: data.objectType, id: data.recordId }));
      return subject ? [[actionId, subject] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** One that is there, and whether there is another. */
const looksAt = 2;

async function readAssociated(
  app: App,
  enrolled: RecordRef,
  objectTypes: readonly string[],
): Promise<Facts['associated']> {
  const found: Record<string, Subject[]> = {};
  for (const objectType of objectTypes) {
    const { items } = await listAssociated(app, enrolled, objectType, { limit: looksAt });
    const subjects = await Promise.all(items.map(({ to }) => readSubject(app, to)));
    found[objectType] = subjects.flatMap((subject) => subject ?? []);
  }
  return found;
}

const Logged = z.object({ type: z.string(), detail: z.looseObject({ formId: z.optional(z.string()) }) });

/** The forms that a contact ever sent, from its log. Only criteria that ask for it pay for the read. */
export async function readSubmittedForms(app: App, record: RecordRef): Promise<Set<string>> {
  const events = await app.table.all({ pk: recordKey(record).pk, prefix: eventPrefix, descending: true }, Logged);
  return new Set(
    events.flatMap(({ type, detail }) => (type === FormSubmitted.type && detail.formId ? [detail.formId] : [])),
  );
}
