import * as z from 'zod/mini';
import { FormSubmitted } from '../../events/form.ts';
import type { App } from '../core/app.ts';
import { findForm } from '../forms/store.ts';
import { AlreadyDone } from '../table/once.ts';
import { Hutk } from './batch.ts';
import { linkByForm } from './link-store.ts';
import { tellPageEvents } from './page-events.ts';
import { refreshContact } from './refresh.ts';
import { seen, type Visits, viewOf, visitsOf } from './visitor.ts';

const FormSent = z.pick(FormSubmitted.schema, {
  recordId: true,
  formId: true,
  submissionId: true,
  submittedAt: true,
  pageUri: true,
  pageName: true,
  hutk: true,
  context: true,
});

/** The visitor who sent a form is its contact from now on, and the contact has converted once more. A repeat changes nothing. */
export async function visitorSentForm(app: App, event: unknown): Promise<void> {
  const sent = FormSent.parse(event);
  const { recordId, formId, submissionId, submittedAt, pageName, hutk } = sent;
  const cookie = Hutk.safeParse(hutk?.toLowerCase()).data;
  if (cookie !== undefined) await linkByForm(app, cookie, { contactId: recordId, sentAt: submittedAt });
  const form = (await findForm(app, formId))?.name ?? formId;
  const name = pageName ? `${pageName}: ${form}` : form;
  try {
    await refreshContact(app, recordId, {
      submissionId,
      name: name.slice(0, 500),
      at: submittedAt,
      page: pageOf(sent),
    });
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
    await refreshContact(app, recordId);
  }
  if (cookie !== undefined) await tellPageEvents(app, cookie);
}

/** Where the form's page says that its visitor came from: what is known of somebody whose browser tells nothing. */
function pageOf({ pageUri, submittedAt, context }: z.output<typeof FormSent>): Visits | undefined {
  if (!pageUri) return undefined;
  const view = viewOf({ id: '', at: submittedAt, url: pageUri, referrer: context?.referrer }, []);
  return view.url === '' ? undefined : { ...visitsOf(seen(undefined, view, '')), pageViews: 0, visits: 0 };
}
