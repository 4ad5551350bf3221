import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { CrmRecord } from '../objects/record.ts';
import { contend } from '../table/contention.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import {
  findingCountPartition,
  findingKey,
  findingOwnerListing,
  findingPartition,
  nameStateKey,
} from '../table/quality-keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { withCompany } from './company-named.ts';
import type { PublicFinding, Summary } from './public.ts';
import { FindingType, findingTypes } from './schema.ts';
import { changeOf, counterWrites, dismissalOf, FindingRow, NameState } from './state.ts';

const lookupsAtOnce = 8;

const findingIdOf = (contactId: string, type: string) => `${contactId}-${type}`;

/** The two parts of a finding's id. */
export function partsOf(findingId: string): { readonly contactId: string; readonly type: FindingType } | undefined {
  const [, contactId = '', name] = /^(\d{1,20})-([A-Z_]+)$/.exec(findingId) ?? [];
  const type = z.safeParse(FindingType, name);
  return type.success ? { contactId, type: type.data } : undefined;
}

export type FindingsQuery = {
  readonly type?: FindingType | undefined;
  /** '' for contacts without an owner. */
  readonly ownerId?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
};

/** A page of the work list, type by type, by contact. @throws CrmError 400 for a cursor of something else */
export async function listFindings(
  app: App,
  { type, ownerId, after, limit }: FindingsQuery,
): Promise<{ readonly findings: PublicFinding[]; readonly after?: string }> {
  const rows: FindingRow[] = [];
  const types = type ? [type] : findingTypes;
  const from = after === undefined ? undefined : partsOf(after);
  if (after !== undefined && (!from || !types.includes(from.type)))
    throw new CrmError('VALIDATION_ERROR', 'after: is no cursor of this list', { context: { fields: ['after'] } });
  for (const each of from ? types.slice(types.indexOf(from.type)) : types) {
    if (rows.length > limit) break;
    rows.push(
      ...(await rowsOf(app, each, {
        ownerId,
        after: from?.type === each ? from.contactId : undefined,
        limit: limit + 1 - rows.length,
      })),
    );
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const findings = await withStates(app, page);
  return { findings, ...(rows.length > limit && last && { after: findingIdOf(last.contactId, last.type) }) };
}

type RowsQuery = Pick<FindingsQuery, 'ownerId' | 'after' | 'limit'>;

async function rowsOf(app: App, type: FindingType, { ownerId, after, limit }: RowsQuery): Promise<FindingRow[]> {
  if (ownerId === undefined) {
    const position = after !== undefined && { startAfter: findingKey(type, after) };
    return [...(await app.table.query({ pk: findingPartition(type), limit, ...position }, FindingRow)).items];
  }
  const pk = findingOwnerListing(type, ownerId);
  const position = after !== undefined && { startAfter: { ...findingKey(type, after), gsi1pk: pk, gsi1sk: after } };
  return [...(await app.table.query({ pk, index: 'gsi1', limit, ...position }, FindingRow)).items];
}

async function withStates(app: App, rows: readonly FindingRow[]): Promise<PublicFinding[]> {
  const states = await app.table.getMany(
    rows.map(({ contactId }) => nameStateKey(contactId)),
    NameState,
  );
  const stateOf = new Map(states.map((state) => [state.contactId, state]));
  const findings = rows.flatMap((row) => {
    const state = stateOf.get(row.contactId);
    return state ? [publicFinding(row, state)] : [];
  });
  return withCompanies(app, findings);
}

/** Each with the company that its suggestion speaks of; what is known of the contact's company is read with them. */
async function withCompanies(app: App, findings: readonly PublicFinding[]): Promise<PublicFinding[]> {
  const telling = findings.filter(({ suggestion }) => suggestion?.company !== undefined);
  if (telling.length === 0) return [...findings];
  const keys = telling.map(({ recordId }) => recordKey({ objectType: '0-1', id: recordId }));
  const contacts = new Map((await app.table.getMany(keys, CrmRecord)).map(({ id, properties }) => [id, properties]));
  return inParallel(findings, lookupsAtOnce, async (finding) => {
    const { suggestion, recordId } = finding;
    if (!suggestion?.company) return finding;
    const company = await withCompany(app, suggestion, contacts.get(recordId) ?? {});
    return { ...finding, suggestion: { ...suggestion, ...company } };
  });
}

function publicFinding({ type, contactId, ownerId, foundAt }: FindingRow, state: NameState): PublicFinding {
  const { lastname, firstname, suggestion, duplicates } = state;
  const about = {
    id: findingIdOf(contactId, type),
    type,
    recordId: contactId,
    ...(ownerId && { ownerId }),
    lastname,
    firstname,
    foundAt,
  };
  if (type === 'DUPLICATE_PERSON' || !suggestion) return { ...about, confidence: 0, reasons: [sameReason], duplicates };
  const { confidence, reasons, ...suggested } = suggestion;
  return { ...about, suggestion: suggested, confidence, reasons };
}

const sameReason = {
  code: 'DUPLICATE_PERSON',
  ja: '電話番号・Eメール・会社と氏名のいずれかが同じコンタクトがあります',
  en: 'Another contact has the same phone number, e-mail address, or name and company',
};

const Count = z.object({ type: FindingType, ownerId: z.string(), findings: z.number() });

/** How many findings there are, by type and by the owner of the contact. One query over counters, whatever the number of contacts. */
export async function summariseFindings(app: App): Promise<Summary> {
  const counts = (await app.table.all({ pk: findingCountPartition }, Count)).filter(({ findings }) => findings > 0);
  const owners = [...new Set(counts.map(({ ownerId }) => ownerId))].sort();
  return {
    total: totalOf(counts),
    byType: byType(counts),
    byOwner: owners.map((ownerId) => {
      const own = counts.filter((count) => count.ownerId === ownerId);
      return { ownerId: ownerId || null, total: totalOf(own), byType: byType(own) };
    }),
  };
}

type Counts = readonly z.output<typeof Count>[];
const totalOf = (counts: Counts) => counts.reduce((sum, { findings }) => sum + findings, 0);
const byType = (counts: Counts): Record<string, number> =>
  Object.fromEntries(
    findingTypes.flatMap((type) => {
      const sum = totalOf(counts.filter((count) => count.type === type));
      return sum > 0 ? [[type, sum]] : [];
    }),
  );

/** A person says that the name is right as it is: the finding goes, until the name is another one. @throws CrmError 404 */
export const dismissFinding = (app: App, findingId: string): Promise<void> =>
  contend(async () => {
    const parts = partsOf(findingId);
    const state = parts && (await app.table.get(nameStateKey(parts.contactId), NameState));
    if (!parts || !state || !(parts.type in state.findings || parts.type in state.dismissed))
      throw new CrmError('OBJECT_NOT_FOUND', `No finding with ID ${findingId} exists`, {
        context: { findingId: [findingId] },
      });
    const { [parts.type]: _, ...findings } = state.findings;
    const dismissed = { ...state.dismissed, [parts.type]: dismissalOf(parts.type, state) };
    const { writes, deltas } = changeOf(state, { ...state, turn: state.turn + 1, findings, dismissed }, app.now());
    await commitOrThrow(app.table, [...writes, ...counterWrites(deltas)].map(orStale));
  });
