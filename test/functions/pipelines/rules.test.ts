import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as batchCreate } from '../../../functions/objects/batch-create.ts';
import { handler as batchUpdate } from '../../../functions/objects/batch-update.ts';
import { handler as create } from '../../../functions/objects/create.ts';
import { handler as update } from '../../../functions/objects/update.ts';
import { handler as getPipeline } from '../../../functions/pipelines/get.ts';
import { handler as getRules } from '../../../functions/pipelines/get-rules.ts';
import { handler as setRules } from '../../../functions/pipelines/set-rules.ts';
import { app } from '../../../lib/core/app.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const path = { objectType: 'tickets', pipelineId: '0' };
const ask = (handler: unknown, given: object) => call(handler, { headers: bearer(), ...given });
const ticket = (properties: object) =>
  ask(create, { path: { objectType: 'tickets' }, body: { properties: { subject: '入稿', ...properties } } });
const move = (id: string, properties: object) =>
  ask(update, { path: { objectType: 'tickets', objectId: id }, body: { properties } });
const codes = (body: unknown) => (body as { errors: { code: string }[] }).errors.map(({ code }) => code);
const rules = {
  description: '完了には対応内容が必要です',
  stages: { '4': { required: ['content'], allowedFrom: ['2', '3'] } },
  creatableIn: ['1'],
  mayCreate: { tokens: ['1'], kinds: ['form'] },
};

describe('the rules of a pipeline', () => {
  beforeAll(async () => {
    expect((await ask(setRules, { path, body: rules })).status).toBe(200);
  });

  test('are read as they were set, and are no part of HubSpot’s pipeline', async () => {
    expect((await ask(getRules, { path })).body).toMatchObject(rules);
    expect((await ask(getPipeline, { path })).body).not.toHaveProperty('rules');
  });

  test('name what is not there when they are set', async () => {
    const answer = await ask(setRules, {
      path,
      body: { stages: { '9': {}, '4': { required: ['nothing'] } } },
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ code: 'STAGE_DOESNT_EXIST', context: { stageId: ['9'] } }] });
    expect((await ask(setRules, { path, body: { stage: {} } })).body).toMatchObject({
      errors: [{ code: 'UNKNOWN_FIELD', in: 'stage' }],
    });
  });

  test('let a record begin in the stages that are for it, and move the ways that are allowed', async () => {
    const wrong = await ticket({ hs_pipeline_stage: '2' });
    expect(wrong.status).toBe(400);
    expect(wrong.body).toMatchObject({ category: 'VALIDATION_ERROR' });
    expect(codes(wrong.body)).toEqual(['STAGE_NOT_ALLOWED']);

    const { id } = (await ticket({})).body as { id: string };
    const jump = await move(id, { hs_pipeline_stage: '4' });
    expect(codes(jump.body)).toEqual(['STAGE_NOT_ALLOWED', 'MISSING_REQUIRED_PROPERTY']);
    expect(jump.text).toContain('完了');
    expect((await move(id, { hs_pipeline_stage: '2' })).status).toBe(200);
    expect(codes((await move(id, { hs_pipeline_stage: '4' })).body)).toEqual(['MISSING_REQUIRED_PROPERTY']);
    expect((await move(id, { hs_pipeline_stage: '4', content: '対応しました' })).status).toBe(200);
    expect(codes((await move(id, { content: '' })).body)).toEqual(['MISSING_REQUIRED_PROPERTY']);
    expect((await move(id, { subject: '入稿2' })).status).toBe(200);
  });

  test('hold in a batch, for each row', async () => {
    const made = await ask(batchCreate, {
      path: { objectType: 'tickets' },
      body: {
        inputs: [
          { objectWriteTraceId: 'a', properties: { subject: '一' } },
          { objectWriteTraceId: 'b', properties: { subject: '二', hs_pipeline_stage: '3' } },
        ],
      },
    });
    expect(made).toMatchObject({ status: 207, body: { numErrors: 1 } });
    const [row] = (made.body as { results: { id: string }[] }).results;
    const moved = await ask(batchUpdate, {
      path: { objectType: 'tickets' },
      body: { inputs: [{ id: row?.id, properties: { hs_pipeline_stage: '4' } }] },
    });
    expect(moved.status).toBe(400);
  });

  test('let those create who may: a form does, an import does not', async () => {
    const as = (kind: 'form' | 'import') =>
      createRecord(app({ actor: { kind, id: '7' } }), 'tickets', { subject: '問い合わせ' });
    await expect(as('form')).resolves.toMatchObject({ objectType: '0-5' });
    await expect(as('import')).rejects.toMatchObject({
      options: { errors: [{ code: 'NOT_ALLOWED_TO_CREATE' }] },
    });
  });
});
