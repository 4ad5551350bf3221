import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { foldCase } from '../objects/index-value.ts';
import { findByValue, readRecord } from '../objects/read-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { createRecord } from '../objects/store.ts';
import { StaleRead } from '../table/contention.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';
import { AlreadyDone } from '../table/once.ts';
import { agencyKey } from '../table/policy-keys.ts';
import { createLabel } from './label-store.ts';
import { associate } from './store.ts';
import { type AssociationTypes, loadAssociationTypes } from './type-store.ts';

const deals = '0-3';
const companies = '0-2';
const label = '代理店';
const labelName = 'agency';
/** A longer text is no name. */
const longestName = 200;
/** Companies of one name: so many are looked at for one that is an agency. */
const mostNamesakes = 25;

const Made = z.object({ companyId: z.string() });

/**
 * A deal through an agency (代理店経由, with the agency's name) gets the agency's company with the label 代理店: the agency of that name, or
 * another company of that name, or one that is made. What is associated already stays; a repeat changes nothing.
 */
export async function associateAgency(app: App, dealId: string): Promise<void> {
  const deal = await readRecord(app, deals, { id: dealId });
  const name = deal?.properties.agency_name?.trim();
  if (!deal || !name || name.length > longestName || deal.properties.via_agency !== 'true') return;
  const company = await agencyNamed(app, name);
  if (!company) return;
  const spec = { associationCategory: 'USER_DEFINED' as const, associationTypeId: await agencyType(app) };
  await associate(app, { objectType: deals, id: deal.id }, company, [spec]);
}

async function agencyNamed(app: App, name: string): Promise<RecordRef | undefined> {
  const ids = await findByValue(app, companies, 'name', name, mostNamesakes);
  const found = await app.table.getMany(
    ids.map((id) => recordKey({ objectType: companies, id })),
    CrmRecord,
  );
  const live = found.filter(({ archivedAt }) => archivedAt === undefined).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const agency = live.find(({ properties }) => properties.is_agency === 'true') ?? live[0];
  return agency ?? makeAgency(app, name);
}

/** One company for a name, however many deals come at once. Nothing when it was made before and somebody archived or renamed it. */
async function makeAgency(app: App, name: string): Promise<RecordRef | undefined> {
  const key = agencyKey(foldCase(name));
  const once = ({ id }: RecordRef) => ({ ...key, entity: 'agency', companyId: id });
  try {
    return await createRecord(app, companies, { name, is_agency: 'true' }, { once });
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
    return readRecord(app, companies, { id: Made.parse(error.mark).companyId });
  }
}

const labelled = (types: AssociationTypes) =>
  types.between(deals, companies).find((type) => type.label === label || type.name === labelName);

/** The label between deals and companies, made when nobody has made it. */
async function agencyType(app: App): Promise<number> {
  const known = labelled(await loadAssociationTypes(app)) ?? labelled(await loadAssociationTypes(app, { fresh: true }));
  if (known) return known.typeId;
  try {
    await createLabel(
      app,
      { fromObjectType: deals, toObjectType: companies },
      { name: labelName, label, inverseLabel: '代理店経由の取引' },
    );
  } catch (error) {
    if (!(error instanceof CrmError) || error.category !== 'CONFLICT') throw error;
  }
  const made = labelled(await loadAssociationTypes(app, { fresh: true }));
  if (!made) throw new StaleRead('The label was deleted meanwhile');
  return made.typeId;
}
