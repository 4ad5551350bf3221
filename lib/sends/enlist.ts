import type { App } from '../core/app.ts';
import { contend } from '../table/contention.ts';
import { inParallel } from '../table/in-parallel.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { advertisersOf, surveyStep, surveysOf } from './advertisers.ts';
import { limitedUntil } from './fatigue-rules.ts';
import { changeWrites, commitChanges, findRecipient } from './ledger.ts';
import { enlisted, type Recipient } from './recipient.ts';
import type { Send } from './schema.ts';
import type { Chosen, Excluded } from './screen.ts';
import { mailSettings } from './settings.ts';

type Enlisted = {
  /** Who is on the ledger by this part of the audience and not sent to yet. */
  readonly waiting: readonly Chosen[];
  /** Who is there by an earlier part, or whose advertiser was asked often enough meanwhile. */
  readonly refused: readonly Excluded[];
};

/** Writes the ledger rows of a page. Safe to repeat. */
export async function enlist(app: App, send: Send, source: number, chosen: readonly Chosen[]): Promise<Enlisted> {
  const { fatigue } = await mailSettings(app);
  const limit = send.surveyId === undefined ? undefined : fatigue.perAdvertiser;
  const advertisers = limit
    ? await advertisersOf(
        app,
        chosen.map(({ contactId }) => contactId),
        send.about,
      )
    : new Map<string, readonly string[]>();
  const counted = chosen.filter(({ contactId }) => (advertisers.get(contactId) ?? []).length > 0);
  const others = chosen.filter((person) => !counted.includes(person));
  const together = await enlistAll(app, send, source, others);
  const one = (person: Chosen) =>
    enlistCounted(app, { send, source, person, limit }, advertisers.get(person.contactId) ?? []);
  const apart = await inParallel(counted, countedAtOnce, one);
  return {
    waiting: [...together.waiting, ...apart.flatMap(({ waiting }) => waiting)],
    refused: [...together.refused, ...apart.flatMap(({ refused }) => refused)],
  };
}

const countedAtOnce = 4;

async function enlistAll(app: App, send: Send, source: number, chosen: readonly Chosen[]): Promise<Enlisted> {
  const now = app.now();
  const changes = chosen.map((person) => enlisted({ sendId: send.id, source, ...person }, now));
  const refused = await commitChanges(app, send.id, changes);
  const there = new Map(refused.map(({ change, stored }) => [change.after.contactId, stored]));
  const found = chosen.map((person) => standing(person, there.get(person.contactId), source));
  return { waiting: found.flatMap((each) => each.waiting), refused: found.flatMap((each) => each.refused) };
}

function standing(person: Chosen, stored: Recipient | undefined, source: number): Enlisted {
  if (!stored) return { waiting: [person], refused: [] };
  if (stored.source !== source) return { waiting: [], refused: [{ contactId: person.contactId, reason: 'DUPLICATE' }] };
  return { waiting: stored.state === 'PENDING' ? [person] : [], refused: [] };
}

type Counted = {
  readonly send: Send;
  readonly source: number;
  readonly person: Chosen;
  readonly limit: { readonly surveys: number; readonly days: number } | undefined;
};

/** The row and a place among the surveys of each of the person's advertisers, in one transaction: two sends at once never pass the limit. */
function enlistCounted(app: App, counted: Counted, advertiserIds: readonly string[]): Promise<Enlisted> {
  const { send, source, person, limit } = counted;
  return contend(async () => {
    const stored = await findRecipient(app, person.contactId, send.id);
    if (stored) return standing(person, stored, source);
    const surveys = await surveysOf(app, advertiserIds);
    const now = app.now();
    for (const { marks } of surveys.values()) {
      const times = marks.map(({ at }) => at);
      const until = limit && limitedUntil(times, { most: limit.surveys, days: limit.days }, now);
      if (until !== undefined)
        return {
          waiting: [],
          refused: [{ contactId: person.contactId, reason: 'FATIGUE', rule: 'PER_ADVERTISER', until }],
        };
    }
    const mark = { sendId: send.id, contactId: person.contactId, at: now };
    const joins = changeWrites(send.id, [enlisted({ sendId: send.id, source, ...person }, now)]);
    const steps: Step[] = [...joins.map(orStale), ...[...surveys.values()].map((each) => surveyStep(each, mark))];
    await commitOrThrow(app.table, steps);
    return { waiting: [person], refused: [] };
  });
}
