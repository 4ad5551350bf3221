import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absent, attributes, versionIs } from '../table/conditions.ts';
import { type RecordRef, salesforceLinkKey, salesforceRolesKey, salesforceTwinKey } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { contactType, Sobject } from './schema.ts';

const Base = z.object({ ours: z.nullable(z.string()), salesforce: z.nullable(z.string()) });

/** A Salesforce record and a record of ours that are the same person. The Salesforce id is the anchor. */
export const Link = z.object({
  salesforceId: z.string(),
  sobject: Sobject,
  recordId: z.string(),
  version: z.number(),
  /** By Salesforce field: what both sides had when they last met. */
  base: z.record(z.string(), Base),
  /** By Salesforce field: what was put where Salesforce demands a value and we have none. It counts as blank. */
  fallbacks: z.record(z.string(), z.string()),
  /** The record there carries our id. */
  marked: z.boolean(),
  syncedAt: z.string(),
});
export type Link = z.output<typeof Link>;

/** What the record's own partition knows of its link. */
export const Twin = z.object({
  recordId: z.string(),
  state: z.enum(['LINKED', 'UNLINKED']),
  salesforceId: z.string(),
  sobject: Sobject,
  reason: z.optional(z.string()),
  at: z.string(),
});
export type Twin = z.output<typeof Twin>;

export const personRef = (id: string): RecordRef => ({ objectType: contactType, id });

export async function readLinks(app: App, ids: readonly string[]): Promise<Map<string, Link>> {
  const links = await app.table.getMany(ids.map(salesforceLinkKey), Link);
  return new Map(links.map((link) => [link.salesforceId, link]));
}

export async function readTwins(app: App, recordIds: readonly string[]): Promise<Map<string, Twin>> {
  const twins = await app.table.getMany(
    recordIds.map((id) => salesforceTwinKey(personRef(id))),
    Twin,
  );
  return new Map(twins.map((twin) => [twin.recordId, twin]));
}

/** The write of a link that was read as `before`, or is new; somebody who was faster makes it stale. */
export const linkStep = (link: Link, before: Link | undefined): Step =>
  orStale({
    put: {
      ...salesforceLinkKey(link.salesforceId),
      entity: 'salesforce-link',
      ...link,
      version: (before?.version ?? 0) + 1,
    },
    when: before ? versionIs(before.version) : absent,
  });

export const removeLinkStep = ({ salesforceId, version }: Link): Step =>
  orStale({ remove: salesforceLinkKey(salesforceId), when: versionIs(version) });

const twinItem = (twin: Twin) => ({
  ...salesforceTwinKey(personRef(twin.recordId)),
  entity: 'salesforce-twin',
  ...twin,
});

/** The twin under the condition that it is as it was read. */
export const twinStep = (twin: Twin, before: Twin | undefined): Step =>
  orStale({ put: twinItem(twin), when: before ? attributes({ state: before.state, at: before.at }) : absent });

/** The rows that tie a record to a Salesforce record for the first time. */
export function newLinkSteps(link: Link, twin: Twin | undefined): Step[] {
  const { recordId, salesforceId, sobject, syncedAt } = link;
  return [
    linkStep(link, undefined),
    twinStep({ recordId, state: 'LINKED', salesforceId, sobject, at: syncedAt }, twin),
    ...rolesSteps(link),
  ];
}

/** A contact that is linked may have roles on opportunities since long: they are to be looked at. */
export const rolesSteps = ({ salesforceId, sobject }: Pick<Link, 'salesforceId' | 'sobject'>): Step[] =>
  sobject === 'Contact'
    ? [orStale({ put: { ...salesforceRolesKey(salesforceId), entity: 'salesforce-roles', salesforceId } })]
    : [];
