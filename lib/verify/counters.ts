import * as z from 'zod/mini';
import { dayIn, defaultZone } from '../flows/zoned-time.ts';
import { scoreAttribute } from '../projections/survey-result.ts';
import { NameState } from '../quality/state.ts';
import { Recipient, totalNames, totalsOfRow } from '../sends/recipient.ts';
import { countKey, countPartition, surveyResultKey } from '../table/keys.ts';
import { findingCountPartition } from '../table/quality-keys.ts';
import { blindMarkKey } from '../table/survey-keys.ts';
import { attributionCounted } from './attribution.ts';
import { nameOf, type Problem, type Stored, type Tally } from './check.ts';

/** The counter of each object type is the number of its records outside the archive. */
export function recordCounts(): Tally {
  const counts = new Map<string, number>();
  return {
    entities: ['record'],
    see: ({ objectType, archivedAt }) => {
      if (archivedAt === undefined) counts.set(String(objectType), (counts.get(String(objectType)) ?? 0) + 1);
    },
    settle: async (app) => {
      const stored = await app.table.all({ pk: countPartition }, Count);
      const types = new Set([...counts.keys(), ...stored.map(({ sk }) => sk)]);
      const told = new Map(stored.map(({ sk, records }) => [sk, records]));
      return [...types].flatMap((type): Problem[] => {
        const [said, counted] = [told.get(type) ?? 0, counts.get(type) ?? 0];
        if (said === counted) return [];
        return [{ check: 'counter', key: nameOf(countKey(type)), what: `says ${said}, there are ${counted} records` }];
      });
    },
  };
}

const Count = z.object({ sk: z.string(), records: z._default(z.number(), 0) });

type Numbers = Readonly<Record<string, number>>;

type Sums = { readonly group: string; readonly counted?: Numbers; readonly kept?: Numbers };

/** Numbers that are kept apart from what they count, group by group: both sides are added up and must be equal. */
function equalSums(
  check: string,
  entities: readonly string[],
  read: (item: Stored) => Sums | readonly Sums[] | undefined,
): Tally {
  const counted = new Map<string, Record<string, number>>();
  const kept = new Map<string, Record<string, number>>();
  const addTo = (sums: typeof counted, group: string, numbers: Numbers) => {
    const sum = sums.get(group) ?? {};
    for (const [name, by] of Object.entries(numbers)) sum[name] = (sum[name] ?? 0) + by;
    sums.set(group, sum);
  };
  return {
    entities,
    see: (item) => {
      for (const seen of [read(item) ?? []].flat()) {
        if (seen.counted) addTo(counted, seen.group, seen.counted);
        if (seen.kept) addTo(kept, seen.group, seen.kept);
      }
    },
    settle: async () =>
      [...new Set([...counted.keys(), ...kept.keys()])].flatMap((group): Problem[] => {
        const [one, other] = [counted.get(group) ?? {}, kept.get(group) ?? {}];
        const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
        const wrong = names.filter((name) => (one[name] ?? 0) !== (other[name] ?? 0));
        return wrong.map((name) => ({
          check,
          key: group,
          what: `${name} says ${other[name] ?? 0}, counted ${one[name] ?? 0}`,
        }));
      }),
  };
}

const numbersOf = (item: Stored): Numbers =>
  Object.fromEntries(Object.entries(item).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));

const ledgerNumbers = (item: Stored): Numbers =>
  Object.fromEntries(
    Object.entries(numbersOf(item)).filter(([name]) => (totalNames as readonly string[]).includes(name)),
  );

/** The totals of a send are those of its ledger rows. */
export const sendTotals = (): Tally =>
  equalSums('send', ['recipient', ''], (item) => {
    if (item.entity === 'recipient') {
      const row = Recipient.parse(item);
      return { group: `send#${row.sendId}`, counted: totalsOfRow(row) };
    }
    const isTotal = item.pk.startsWith('send#') && item.sk.startsWith('count#');
    return isTotal ? { group: item.pk, kept: ledgerNumbers(item) } : undefined;
  });

/** An anonymous survey has an answer for each link that was used, but for the erased ones. */
export const anonymousAnswers = (): Tally =>
  equalSums('anonymous answers', ['blind-mark', 'survey-answer', 'erased-answers'], (item) => {
    if (item.entity === 'blind-mark') return { group: item.pk, counted: { answers: 1 } };
    const group = blindMarkKey(String(item.surveyId), '').pk;
    if (item.entity === 'erased-answers') return { group, kept: { answers: numbersOf(item).anonymous ?? 0 } };
    return item.contactId === undefined ? { group, kept: { answers: 1 } } : undefined;
  });

/** The results of a survey count its answers, and those that were erased since. */
export const surveyResults = (): Tally =>
  equalSums('survey results', ['survey-answer', 'erased-answers', ''], (item) => {
    if (item.entity === 'survey-answer') {
      const { surveyId, answeredAt, score } = CountedAnswer.parse(item);
      const group = nameOf(surveyResultKey(surveyId, dayIn(Date.parse(answeredAt), defaultZone)));
      return { group, counted: { responses: 1, ...(score !== undefined && { [scoreAttribute(score)]: 1 }) } };
    }
    const { anonymous: _, invited: __, ...numbers } = numbersOf(item);
    if (item.entity === 'erased-answers')
      return { group: nameOf(surveyResultKey(String(item.surveyId), String(item.day))), counted: numbers };
    return item.pk.startsWith('survey#') && item.sk.startsWith('result#')
      ? { group: nameOf(item), kept: numbers }
      : undefined;
  });

const CountedAnswer = z.object({ surveyId: z.string(), answeredAt: z.string(), score: z.optional(z.number()) });

/** The cells of a report are the sums of what its records contribute. */
export const reportCells = (): Tally =>
  equalSums('report', ['contribution', ''], (item) => {
    if (item.entity === 'contribution') {
      if (typeof item.cell !== 'string') return undefined;
      const { whole = 0, micro = 0 } = item as { whole?: number; micro?: number };
      return { group: `${item.sk} ${item.cell}`, counted: { count: 1, whole, micro } };
    }
    const isCell = item.pk.startsWith('report#') && item.sk.startsWith('cell#');
    return isCell ? { group: `${item.pk} ${item.sk.slice('cell#'.length)}`, kept: numbersOf(item) } : undefined;
  });

/** The figures of the attribution are the sums of what its records add, by day and by month. */
export const attributionCells = (): Tally =>
  equalSums('attribution', ['attribution', ''], (item) => {
    if (item.entity === 'attribution') return item.sk === 'attribution#source' ? attributionCounted(item) : undefined;
    return item.pk.startsWith('attribution#') ? { group: nameOf(item), kept: numbersOf(item) } : undefined;
  });

/** The counters of findings are the numbers of their rows. */
export const findingCounts = (): Tally =>
  equalSums('finding', ['finding', ''], ({ entity, pk, type, ownerId, findings }) => {
    const group = `${findingCountPartition} | ${type}#${ownerId}`;
    if (entity === 'finding') return { group, counted: { findings: 1 } };
    return pk === findingCountPartition ? { group, kept: { findings: Number(findings) } } : undefined;
  });

/** What was found about a contact stands in the work list, and nothing else does. */
export const findingRows = (): Tally =>
  equalSums('finding', ['name-state', 'finding'], (item) => {
    if (item.entity === 'finding') return { group: `findings of ${item.contactId}`, kept: { [String(item.type)]: 1 } };
    const { contactId, findings } = NameState.parse(item);
    const counted = Object.fromEntries(Object.keys(findings).map((type) => [type, 1]));
    return { group: `findings of ${contactId}`, counted };
  });
