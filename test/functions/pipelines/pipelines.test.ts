import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handler as archive } from '../../../functions/pipelines/archive.ts';
import { handler as archiveStage } from '../../../functions/pipelines/archive-stage.ts';
import { handler as audit } from '../../../functions/pipelines/audit.ts';
import { handler as create } from '../../../functions/pipelines/create.ts';
import { handler as createStage } from '../../../functions/pipelines/create-stage.ts';
import { handler as get } from '../../../functions/pipelines/get.ts';
import { handler as getStage } from '../../../functions/pipelines/get-stage.ts';
import { handler as list } from '../../../functions/pipelines/list.ts';
import { handler as listStages } from '../../../functions/pipelines/list-stages.ts';
import { handler as replace } from '../../../functions/pipelines/replace.ts';
import { handler as replaceStage } from '../../../functions/pipelines/replace-stage.ts';
import { handler as stageAudit } from '../../../functions/pipelines/stage-audit.ts';
import { handler as update } from '../../../functions/pipelines/update.ts';
import { handler as updateStage } from '../../../functions/pipelines/update-stage.ts';
import { forgetDefinitions } from '../../../lib/objects/definition-cache.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { seedPipelines } from '../../../lib/pipelines/seed.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
beforeEach(() => forgetDefinitions());

type Shown = { id: string; label: string; stages: { id: string; label: string; metadata: Record<string, string> }[] };
type Named = { results: { id: string; label: string }[] };
const run = (handler: unknown, path: Record<string, string>, body?: unknown, query: Record<string, string> = {}) =>
  call(handler, { headers: bearer(), path, query, ...(body !== undefined && { body }) });
const tickets = { objectType: 'tickets' };
const guarded = { validateReferencesBeforeDelete: 'true' };
const input = (label: string, stages: readonly string[] = ['A', 'B']) => ({
  label,
  displayOrder: 50,
  stages: stages.map((stage, displayOrder) => ({ label: stage, displayOrder, metadata: {} })),
});
async function made(label: string): Promise<{ path: { objectType: string; pipelineId: string }; body: Shown }> {
  const body = (await run(create, tickets, input(label))).body as Shown;
  return { body, path: { ...tickets, pipelineId: body.id } };
}

describe('a fresh installation', () => {
  test('has exactly the nine ticket pipelines, before and after seeding, and seeding leaves later names alone', async () => {
    const before = (await run(list, tickets)).body as Named;
    expect(before.results).toHaveLength(9);
    await seedPipelines(database.app);
    await run(update, { ...tickets, pipelineId: '109' }, { label: '【既存】契約' });
    await seedPipelines(database.app);
    const after = (await run(list, tickets)).body as Named;
    expect(after.results.map(({ id }) => id)).toEqual(before.results.map(({ id }) => id));
    expect(after.results.find(({ id }) => id === '109')?.label).toBe('【既存】契約');
  });

  test("has HubSpot's deal pipeline with its probabilities", async () => {
    const { body } = await run(get, { objectType: 'deals', pipelineId: 'default' });
    expect((body as Shown).stages.map(({ id, metadata }) => [id, metadata.probability])).toEqual([
      ['appointmentscheduled', '0.2'],
      ['qualifiedtobuy', '0.4'],
      ['presentationscheduled', '0.6'],
      ['decisionmakerboughtin', '0.8'],
      ['contractsent', '0.9'],
      ['closedwon', '1.0'],
      ['closedlost', '0.0'],
    ]);
  });
});

describe('pipelines', () => {
  test('are created with their stages, 201, ids being numbers as text', async () => {
    const { body, path } = await made('P1');
    expect(body.id).toMatch(/^\d+$/);
    expect(body.stages.map(({ label, metadata }) => [label, metadata.ticketState])).toEqual([
      ['A', 'OPEN'],
      ['B', 'OPEN'],
    ]);
    expect((await run(get, path)).body).toEqual(body);
    expect((await run(create, tickets, input('P1'))).status).toBe(409);
  });

  test('are renamed and restored; archived ones leave the list with their stages kept', async () => {
    const { path, body } = await made('P2');
    expect((await run(update, path, { label: 'P2b' })).body).toMatchObject({
      label: 'P2b',
      stages: body.stages.map(({ id }) => ({ id })),
    });
    expect((await run(archive, path)).status).toBe(204);
    expect(await run(get, path)).toMatchObject({ status: 404, body: { category: 'OBJECT_NOT_FOUND' } });
    expect(((await run(list, tickets)).body as Named).results.map(({ id }) => id)).not.toContain(path.pipelineId);
    expect(await run(update, path, { archived: false })).toMatchObject({
      status: 200,
      body: { archived: false, label: 'P2b', stages: [{ label: 'A' }, { label: 'B' }] },
    });
  });

  test('are replaced as a whole', async () => {
    const { path, body } = await made('P3');
    const replaced = (await run(replace, path, input('P3', ['B', 'C']))).body as Shown;
    expect(replaced.stages.map(({ label }) => label)).toEqual(['B', 'C']);
    expect(replaced.stages[0]?.id).toBe(body.stages[1]?.id);
  });

  test('with tickets in them are guarded when the client asks', async () => {
    const { path, body } = await made('P4');
    const stageId = body.stages[0]?.id ?? '';
    const ticket = await createRecord(database.app, '0-5', {
      subject: 'T',
      hs_pipeline: path.pipelineId,
      hs_pipeline_stage: stageId,
    });
    const refused = await run(archiveStage, { ...path, stageId }, undefined, guarded);
    expect(refused).toMatchObject({
      status: 400,
      body: {
        category: 'VALIDATION_ERROR',
        subCategory: 'PipelineError.STAGE_ID_IN_USE',
        message: `Stage IDs: [${stageId}] are being referenced by object IDs: [${ticket.id}]`,
      },
    });
    expect((await run(archive, path, undefined, guarded)).status).toBe(400);
    expect((await run(replace, path, input('P4', ['B']), guarded)).status).toBe(400);
    expect((await run(archive, path)).status).toBe(204);
  });

  test('of types without pipelines are an empty list, and cannot be made', async () => {
    expect((await run(list, { objectType: 'notes' })).body).toEqual({ results: [] });
    expect((await run(create, { objectType: 'notes' }, input('x'))).status).toBe(400);
  });

  test('of deals need a probability for each stage', async () => {
    expect((await run(create, { objectType: 'deals' }, input('D'))).status).toBe(400);
  });

  test('tell their changes, newest first', async () => {
    const { path } = await made('P5');
    await run(update, path, { label: 'P5b' });
    const { body } = await run(audit, path);
    expect(body).toMatchObject({
      results: [
        { action: 'UPDATE', rawObject: { label: 'P5b' } },
        { action: 'CREATE', identifier: path.pipelineId, portalId: 24601001 },
      ],
    });
  });
});

describe('stages', () => {
  test('are added, changed, replaced, listed and archived', async () => {
    const { path } = await made('P6');
    const added = await run(createStage, path, { label: 'C', displayOrder: 9, metadata: { ticketState: 'CLOSED' } });
    expect(added).toMatchObject({ status: 201, body: { label: 'C', metadata: { isClosed: 'true' } } });
    const stage = { ...path, stageId: (added.body as { id: string }).id };
    expect((await run(getStage, stage)).body).toEqual(added.body);
    expect((await run(updateStage, stage, { label: 'D' })).body).toMatchObject({
      label: 'D',
      metadata: { ticketState: 'CLOSED' },
    });
    expect((await run(replaceStage, stage, { label: 'E', displayOrder: 0, metadata: {} })).body).toMatchObject({
      label: 'E',
      metadata: { ticketState: 'OPEN' },
    });
    expect(((await run(listStages, path)).body as Named).results.map(({ label }) => label).toSorted()).toEqual([
      'A',
      'B',
      'E',
    ]);
    expect((await run(archiveStage, stage)).status).toBe(204);
    expect((await run(getStage, stage)).status).toBe(404);
    expect((await run(archiveStage, stage)).status).toBe(404);
    expect((await run(stageAudit, stage)).body).toMatchObject({
      results: [{ action: 'DELETE' }, { action: 'UPDATE' }, { action: 'UPDATE' }, { action: 'CREATE' }],
    });
  });

  test('added by ten people at once are all there', async () => {
    const { path } = await made('P7');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => run(createStage, path, { label: `S${n}`, displayOrder: n, metadata: {} })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(201));
    expect(((await run(listStages, path)).body as Named).results).toHaveLength(12);
  });

  test('made a moment ago by another function are known to records at once', async () => {
    const { path } = await made('P8');
    await createRecord(database.app, '0-5', { subject: 'warms the cache' });
    const stage = (await run(createStage, path, { label: 'new', displayOrder: 9, metadata: {} })).body as {
      id: string;
    };
    const ticket = await createRecord(database.app, '0-5', { subject: 'T', hs_pipeline_stage: stage.id });
    expect(ticket.properties.hs_pipeline).toBe(path.pipelineId);
  });
});
