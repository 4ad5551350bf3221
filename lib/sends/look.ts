import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { advertisersOf, surveysOf } from './advertisers.ts';
import { AudiencePlace, audiencePage, inEarlierParts } from './audience.ts';
import type { Content } from './content.ts';
import { noteExcluded } from './exclusions.ts';
import { limitedUntil } from './fatigue-rules.ts';
import type { Send } from './schema.ts';
import { type Chosen, type Excluded, screen } from './screen.ts';
import { mailSettings } from './settings.ts';

const Numbers = z.record(z.string(), z.number());

/** What a look at an audience has found so far, and where it goes on. */
export const Look = z.object({
  place: z.optional(AudiencePlace),
  toSend: z.number(),
  excluded: Numbers,
  missing: z.record(z.string(), z.object({ contacts: z.number(), examples: z.array(z.string()) })),
  /** How many mails may go from which moment on; for those that may go with the send itself, an empty text. */
  moments: Numbers,
  /** Surveys that this send would send, by advertiser. */
  advertisers: Numbers,
});
export type Look = z.output<typeof Look>;

export const firstLook: Look = {
  place: { source: 0 },
  toSend: 0,
  excluded: {},
  missing: {},
  moments: {},
  advertisers: {},
};

const contactsPerPage = 200;
const mostExamples = 5;
/** Beyond so many advertisers in one audience those who come later are taken for unasked. */
const mostAdvertisers = 8000;

/** Looks at one more page of the audience, as the expansion will. Writes down who is left out; `run` names the look. */
export async function lookFurther(
  app: App,
  { send, content, run }: { readonly send: Send; readonly content: Content; readonly run: string },
  look: Look,
): Promise<Look> {
  const { place, ...sofar } = look;
  if (!place) return look;
  const page = await audiencePage(app, send, place, contactsPerPage);
  const screened = await screen(app, { send, content }, page.contactIds);
  const { first, again } = await firstTime(app, send, page.source, screened.chosen);
  const { asked, tired, advertisers } = await askedOnce(app, send, first, look.advertisers);
  const excluded = [...screened.excluded, ...tired];
  await noteExcluded(app, send.id, excluded, run);
  return {
    ...sofar,
    ...(page.next && { place: page.next }),
    toSend: look.toSend + asked.length,
    excluded: counted(look.excluded, [...excluded.map(({ reason }) => reason), ...again.map(() => 'DUPLICATE')]),
    missing: withMissing(look.missing, excluded),
    moments: counted(
      look.moments,
      asked.map(({ notBefore = '' }) => notBefore),
    ),
    advertisers,
  };
}

function counted(before: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> {
  const after = { ...before };
  for (const name of names) after[name] = (after[name] ?? 0) + 1;
  return after;
}

function withMissing(before: Look['missing'], excluded: readonly Excluded[]): Look['missing'] {
  const after = { ...before };
  for (const { contactId, tokens = [] } of excluded)
    for (const token of tokens) {
      const { contacts = 0, examples = [] } = after[token] ?? {};
      after[token] = { contacts: contacts + 1, examples: [...examples, contactId].slice(0, mostExamples) };
    }
  return after;
}

async function firstTime(app: App, send: Send, source: number, chosen: readonly Chosen[]) {
  const earlier = await inEarlierParts(
    app,
    send,
    source,
    chosen.map(({ contactId }) => contactId),
  );
  return {
    first: chosen.filter(({ contactId }) => !earlier.has(contactId)),
    again: chosen.filter(({ contactId }) => earlier.has(contactId)),
  };
}

type Asked = {
  readonly asked: readonly Chosen[];
  readonly tired: readonly Excluded[];
  readonly advertisers: Look['advertisers'];
};

/** Who is still within the limit of their advertisers when those before them in the audience have got theirs. */
async function askedOnce(app: App, send: Send, chosen: readonly Chosen[], before: Look['advertisers']): Promise<Asked> {
  const { perAdvertiser } = (await mailSettings(app)).fatigue;
  if (send.surveyId === undefined || !perAdvertiser) return { asked: chosen, tired: [], advertisers: before };
  const ids = chosen.map(({ contactId }) => contactId);
  const advertisers = await advertisersOf(app, ids, send.about);
  const surveys = await surveysOf(app, [...advertisers.values()].flat());
  const now = app.now();
  const after = { ...before };
  const asked: Chosen[] = [];
  const tired: Excluded[] = [];
  for (const person of chosen) {
    const own = advertisers.get(person.contactId) ?? [];
    const untils = own.map((id) => {
      const times = [...(surveys.get(id)?.marks ?? []).map(({ at }) => at), ...Array(after[id] ?? 0).fill(now)];
      return limitedUntil(times, { most: perAdvertiser.surveys, days: perAdvertiser.days }, now);
    });
    const until = untils.find((each) => each !== undefined);
    if (until !== undefined) {
      tired.push({ contactId: person.contactId, reason: 'FATIGUE', rule: 'PER_ADVERTISER', until });
      continue;
    }
    asked.push(person);
    for (const id of own)
      if (id in after || Object.keys(after).length < mostAdvertisers) after[id] = (after[id] ?? 0) + 1;
  }
  return { asked, tired, advertisers: after };
}
