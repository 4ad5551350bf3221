import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { defineJob } from '../jobs/kind.ts';
import { jobWrites } from '../jobs/store.ts';
import { versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { listPartition, listSizeDayPrefix } from '../table/list-keys.ts';
import { orStale } from '../table/steps.ts';
import { saveList, touched } from './change.ts';
import { type ConversionTime, conversionMoment, type PublicConversion } from './conversion.ts';
import { listenerWrites } from './dynamic/store.ts';
import { wrongType } from './errors.ts';
import { conversionKind } from './job-kinds.ts';
import type { StoredList } from './schema.ts';
import { findList, listItem, readList } from './store.ts';

export const toPublicConversion = ({ listId, conversion }: StoredList): PublicConversion => ({
  listId,
  ...(conversion && { requestedConversionTime: conversion.requested }),
  ...(conversion?.convertedAt && { convertedAt: conversion.convertedAt }),
});

/**
 * Says when a DYNAMIC list becomes a static one; takes the place of what was said before.
 * @throws CrmError 404, 400 for a list that is static, or a day that is over
 */
export const scheduleConversion = (app: App, listId: string, requested: ConversionTime): Promise<StoredList> =>
  contend(async () => {
    const list = await readList(app, listId);
    if (list.processingType !== 'DYNAMIC')
      throw wrongType(`List ${listId} cannot be converted: it is ${list.processingType} already`, listId);
    const at = conversionMoment(requested, app.now());
    if (at <= app.now()) throw new CrmError('VALIDATION_ERROR', 'The day of the conversion must be in the future');
    const { job, writes } = await conversionJob(app, listId, at);
    const scheduled = touched(app, list, { conversion: { requested, jobId: job.id } });
    await saveList(app, list, scheduled, writes.map(orStale));
    return scheduled;
  });

const conversionJob = (app: App, listId: string, at: string) =>
  jobWrites(app, { kind: conversionKind, input: { listId }, at });

/** The list stays what it is. Safe to repeat. @throws CrmError 404, 400 when it was converted already */
export const cancelConversion = (app: App, listId: string): Promise<void> =>
  contend(async () => {
    const list = await readList(app, listId);
    if (list.conversion?.convertedAt) throw wrongType(`List ${listId} was converted already`, listId);
    if (!list.conversion) return;
    const { conversion: _, ...rest } = list;
    await saveList(app, list, touched(app, rest, {}));
  });

const laterMs = 60_000;

/**
 * Makes a list static when its time has come: its members stay and follow nothing any more. Waits for a job that fills the list, and,
 * where inactivity was asked for, for a time in which nobody came or went. The next look is a job of its own.
 */
export const listConversion = defineJob({
  kind: conversionKind,
  input: z.object({ listId: z.string() }),
  cursor: z.unknown(),
  slice: async (app, { input: { listId }, job }) => {
    const list = await findList(app, listId);
    const conversion = list?.conversion;
    if (!list || list.deletedAt || conversion?.jobId !== job.id || list.processingType !== 'DYNAMIC')
      return { done: true, processed: 0 };
    const { requested } = conversion;
    const at = await nextLook(app, list, requested);
    if (at !== undefined) {
      const next = await conversionJob(app, listId, at);
      const waiting: StoredList = {
        ...list,
        conversion: { requested, jobId: next.job.id },
        version: list.version + 1,
      };
      return { done: true, processed: 0, also: [putOver(list, waiting), ...next.writes] };
    }
    const converted: StoredList = {
      ...list,
      processingType: 'SNAPSHOT',
      generation: list.generation + 1,
      listVersion: list.listVersion + 1,
      conversion: { ...conversion, convertedAt: app.now() },
      updatedAt: app.now(),
      version: list.version + 1,
    };
    return { done: true, processed: 1, also: [putOver(list, converted), ...listenerWrites(converted, list)] };
  },
});

const putOver = (before: StoredList, after: StoredList) => ({
  put: listItem(after),
  when: versionIs(before.version),
});

/** When to look again; undefined: it is time. */
async function nextLook(app: App, list: StoredList, requested: ConversionTime): Promise<string | undefined> {
  const now = app.now();
  if (list.processingStatus === 'PROCESSING') return new Date(Date.parse(now) + laterMs).toISOString();
  const due = conversionMoment(requested, await lastActivity(app, list));
  return due > now ? due : undefined;
}

const SizeDay = z.object({ sk: z.string() });

/** The end of the last day on which somebody came or went, or the last change of the filters. */
async function lastActivity(app: App, list: StoredList): Promise<string> {
  const query = { pk: listPartition(list.listId), prefix: listSizeDayPrefix, descending: true, limit: 1 };
  const { items } = await app.table.query(query, SizeDay);
  const [last] = items;
  const changed = list.filtersUpdatedAt ?? list.createdAt;
  const moved = last ? `${last.sk.slice(listSizeDayPrefix.length)}T23:59:59.999Z` : changed;
  return moved > changed ? moved : changed;
}
