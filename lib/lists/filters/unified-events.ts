import { Changes } from '../../../events/define.ts';
import { RecordCreated } from '../../../events/record.ts';

/** HubSpot's ids of the events that are known here. */
export const eventTypes = {
  formSubmission: '4-1639801',
  propertyChanged: '4-655002',
  recordCreated: '4-1463224',
} as const;

export const isKnownEvent = (eventTypeId: string): boolean => Object.values<string>(eventTypes).includes(eventTypeId);

/** What an event of ours says that HubSpot's events say. */
export type Happening = { readonly type: string; readonly changes: Changes; readonly form?: FormFacts };
export type FormFacts = {
  readonly formId: string;
  readonly submissionId: string;
  readonly pageUri?: string;
  readonly pageName?: string;
};

/** What a record's event changed; nothing for one that changes none. */
export const changesOf = (detail: Readonly<Record<string, unknown>>): Changes =>
  Changes.safeParse(detail.changes).data ?? {};

export type HubSpotEvent = { readonly eventTypeId: string; readonly properties: Readonly<Record<string, string>> };

/** The event in HubSpot's words: a change of three properties is three events there. */
export function hubspotEvents({ type, changes, form }: Happening): HubSpotEvent[] {
  if (form) {
    const { formId, submissionId, pageUri = '', pageName = '' } = form;
    const properties = {
      hs_form_id: formId,
      hs_form_correlation_id: submissionId,
      hs_url: pageUri,
      hs_page_title: pageName,
    };
    return [{ eventTypeId: eventTypes.formSubmission, properties }];
  }
  const changed = Object.entries(changes).map(([name, [, to]]) => ({
    eventTypeId: eventTypes.propertyChanged,
    properties: { hs_name: name, ...(to !== null && { hs_value: to }) },
  }));
  return type === RecordCreated.type
    ? [{ eventTypeId: eventTypes.recordCreated, properties: {} }, ...changed]
    : changed;
}
