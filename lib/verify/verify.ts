import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { App } from '../core/app.ts';
import { newEventId, newId } from '../core/ids.ts';
import { Table } from '../table/table.ts';
import { wholeTable } from '../table/whole-table.ts';
import { associationChecks } from './associations.ts';
import { attributionChecks } from './attribution.ts';
import { changeSetChecks } from './change-sets.ts';
import { type Check, itemsAt, nameOf, type Problem, type Stored } from './check.ts';
import { consentChecks } from './consents.ts';
import {
  anonymousAnswers,
  attributionCells,
  findingCounts,
  findingRows,
  recordCounts,
  reportCells,
  sendTotals,
  surveyResults,
} from './counters.ts';
import { doubleChecks } from './doubles.ts';
import { dynamicListChecks } from './dynamic-lists.ts';
import { emailChecks } from './emails.ts';
import { listChecks, listDays, listSizes } from './lists.ts';
import { mailChecks } from './mails.ts';
import { mergeChecks } from './merges.ts';
import { recordChecks } from './records.ts';
import { textChecks } from './text.ts';
import { threadChecks } from './threads.ts';
import { unassociatedChecks } from './unassociated.ts';
import { visitorChecks } from './visitors.ts';

const checks: readonly Check[] = [
  ...recordChecks,
  ...associationChecks,
  ...emailChecks,
  ...listChecks,
  ...dynamicListChecks,
  ...unassociatedChecks,
  ...mergeChecks,
  ...mailChecks,
  ...changeSetChecks,
  ...textChecks,
  ...doubleChecks,
  ...threadChecks,
  ...attributionChecks,
  ...visitorChecks,
  ...consentChecks,
];

export type Verdict = {
  readonly items: number;
  /** How many items of each kind were looked at. */
  readonly looked: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
};

/** Walks a table with an operator's client. `aheadMs`: how far the clock of the system is ahead of this process's. */
export function verifyTable(
  client: DynamoDBDocumentClient,
  table: string,
  portalId: number,
  { secondLookMs = usualSecondLookMs, aheadMs = 0 } = {},
): Promise<Verdict> {
  const app: App = {
    table: new Table(client, table),
    portalId,
    now: () => new Date(Date.now() + aheadMs).toISOString(),
    newId: () => newId(),
    newEventId: () => newEventId(),
    actor: { kind: 'system', id: 'verify' },
    cause: [],
    memo: new Map(),
  };
  return verify(app, wholeTable(client, table), secondLookMs);
}

/** What others change while the table is walked is looked at again after this time, so that only what stays is told. */
const usualSecondLookMs = 2000;

/**
 * Walks a whole table and proves that indexes, unique values, the text index, both sides of associations, list members, the lists that
 * follow filters, what lacks an association, merges, change sets, the clicks of mails, the consent ledger, the results of surveys and
 * counters agree with the records. Memory holds the counters and what
 * looks wrong, whatever the table's size. Items of a system at work are looked at twice; counters, and what a job is still working on,
 * are exact only while nobody writes.
 */
async function verify(app: App, pages: AsyncIterable<readonly Stored[]>, secondLookMs: number): Promise<Verdict> {
  const tallies = [
    recordCounts(),
    listSizes(),
    listDays(),
    sendTotals(),
    anonymousAnswers(),
    surveyResults(),
    reportCells(),
    attributionCells(),
    findingCounts(),
    findingRows(),
  ];
  const looked: Record<string, number> = {};
  const doubtful: { readonly check: Check; readonly item: Stored }[] = [];
  let items = 0;
  for await (const page of pages) {
    items += page.length;
    for (const item of page) {
      const entity = typeof item.entity === 'string' ? item.entity : '';
      looked[entity] = (looked[entity] ?? 0) + 1;
      for (const tally of tallies) if (tally.entities.includes(entity)) tally.see(item);
    }
    doubtful.push(...(await doubtsAbout(app, page)));
  }
  const problems = doubtful.length > 0 ? await lookAgain(app, doubtful, secondLookMs) : [];
  const sums = await Promise.all(tallies.map((tally) => tally.settle(app)));
  return { items, looked, problems: [...problems, ...sums.flat()] };
}

async function doubtsAbout(app: App, page: readonly Stored[]) {
  const doubts: { readonly check: Check; readonly item: Stored }[] = [];
  for (const check of checks) {
    const items = page.filter(({ entity }) => entity === check.entity);
    if (items.length === 0 || (await check.examine(app, items)).length === 0) continue;
    for (const item of items) if ((await check.examine(app, [item])).length > 0) doubts.push({ check, item });
  }
  return doubts;
}

async function lookAgain(
  app: App,
  doubtful: readonly { check: Check; item: Stored }[],
  secondLookMs: number,
): Promise<Problem[]> {
  await wait(secondLookMs);
  const problems: Problem[] = [];
  for (const { check, item } of doubtful) {
    const now = (await itemsAt(app, [item])).get(nameOf(item));
    if (now) problems.push(...(await check.examine(app, [now])));
  }
  return problems;
}
