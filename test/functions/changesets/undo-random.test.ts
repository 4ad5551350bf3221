import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as getSet } from '../../../functions/changesets/get.ts';
import { detachAssociations } from '../../../lib/associations/detach.ts';
import { associate, dissociate, listAssociated } from '../../../lib/associations/store.ts';
import { startUndo } from '../../../lib/changesets/start-undo.ts';
import { changeSetWrites, completeChangeSetWrites } from '../../../lib/changesets/store.ts';
import { type App, app as appFor } from '../../../lib/core/app.ts';
import { CrmError } from '../../../lib/core/errors.ts';
import { mergeRecords } from '../../../lib/merges/store.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import type { RecordRef } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { jobDesk } from '../../support/jobs.ts';
import { random } from '../../support/random.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
const desk = jobDesk(() => database);
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  expect(await disagreements(database)).toEqual([]);
  desk.close();
  await database.close();
});

let made = 0;
function create(app: App, objectType: '0-1' | '0-2'): Promise<RecordRef> {
  made += 1;
  return createRecord(
    app,
    objectType,
    objectType === '0-1' ? { email: `random${made}@example.jp` } : { name: `社${made}` },
  );
}

type World = { readonly people: RecordRef[]; readonly firms: RecordRef[] };
const dates = ['lastmodifieddate', 'hs_lastmodifieddate'];

/** What anybody can see of the records: values, associations with their labels, or that they are not there. */
async function seen({ people, firms }: World) {
  const found: Record<string, unknown> = {};
  for (const ref of [...people, ...firms]) {
    const record = await readRecord(database.app, ref.objectType, ref);
    if (!record) continue;
    const properties = Object.entries(record.properties).filter(([name]) => !dates.includes(name));
    const other = ref.objectType === '0-1' ? '0-2' : '0-1';
    const pairs = await listAssociated(database.app, ref, other, { limit: 100 });
    found[ref.id] = { properties: Object.fromEntries(properties.toSorted()), pairs: pairs.items };
  }
  return found;
}

const ignore = (error: unknown) => {
  if (!(error instanceof CrmError)) throw error;
};

/** One change that a bulk operation might make; what is refused changes nothing. */
async function change(app: App, world: World, draw: (below: number) => number): Promise<void> {
  const pick = (refs: readonly RecordRef[]) => refs[draw(refs.length)] as RecordRef;
  const [person, other, firm] = [pick(world.people), pick(world.people), pick(world.firms)];
  switch (draw(8)) {
    case 0:
    case 1:
      return updateRecord(app, '0-1', person, { lastname: `名${draw(4)}`, city: draw(2) ? '東京' : null }).then(
        () => {},
        ignore,
      );
    case 2:
    case 3: {
      const primary = [{ associationCategory: 'HUBSPOT_DEFINED' as const, associationTypeId: 1 }];
      return associate(app, person, firm, draw(2) ? primary : 'default').then(() => {}, ignore);
    }
    case 4:
      return dissociate(app, person, firm, 'all').then(() => {}, ignore);
    case 5: {
      await archiveRecord(app, '0-1', person.id);
      return detachAssociations(app, person);
    }
    case 6: {
      world.people.push(await create(app, '0-1'));
      return;
    }
    default: {
      const merge = { objectType: '0-1', primaryId: person.id, otherId: other.id };
      await mergeRecords(app, merge).then(() => {}, ignore);
      return desk.drain();
    }
  }
}

async function undo(changeSetId: string, { people }: World): Promise<string> {
  const { changeSet } = await startUndo(database.app, changeSetId);
  await desk.drain();
  // As the rule does it that hears of the archive.
  for (const person of people) await detachAssociations(database.app, person);
  return changeSet.id;
}
const keptOf = async (changeSetId: string) =>
  ((await call(getSet, { headers: bearer(), path: { changeSetId } })).body as { kept: unknown[] }).kept;

test.each([
  1, 2, 3, 4, 5, 6, 7, 8,
])('whatever a set did, its undo makes it as before, and the undo of that as after: %i', async (seed) => {
  const next = random(seed);
  const draw = (below: number) => Math.floor(next() * below);
  const base = appFor({ actor: { kind: 'system', id: 'test' } });
  const world: World = { people: [], firms: [] };
  for (let n = 0; n < 5; n += 1) world.people.push(await create(base, '0-1'));
  for (let n = 0; n < 3; n += 1) world.firms.push(await create(base, '0-2'));
  for (let n = 0; n < 12; n += 1)
    await associate(base, world.people[draw(5)] as RecordRef, world.firms[draw(3)] as RecordRef, 'default');
  const before = await seen(world);
  const { changeSet, writes } = changeSetWrites(base, { kind: 'WORKFLOW', title: 'random' });
  await base.table.commit(writes);
  for (let n = 0; n < 18; n += 1) await change({ ...base, changeSetId: changeSet.id }, world, draw);
  await base.table.commit(await completeChangeSetWrites(base, changeSet.id));
  const after = await seen(world);
  const undoId = await undo(changeSet.id, world);
  expect(await keptOf(changeSet.id)).toEqual([]);
  expect(await seen(world)).toEqual(before);
  await undo(undoId, world);
  expect(await keptOf(undoId)).toEqual([]);
  expect(await seen(world)).toEqual(after);
}, 60_000);
