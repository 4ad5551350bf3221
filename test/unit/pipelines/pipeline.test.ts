import { describe, expect, test } from 'vitest';
import {
  addStage,
  archiveStage,
  createPipeline,
  patchPipeline,
  patchStage,
  replacePipeline,
} from '../../../lib/pipelines/pipeline.ts';
import { stageMetadata } from '../../../lib/pipelines/stage-metadata.ts';

const numbered = (objectTypeId: string) => {
  let last = 0;
  return {
    objectTypeId,
    now: '2026-11-22T04:00:00.000Z',
    newId: () => {
      last += 1;
      return String(last);
    },
  };
};
const tickets = numbered('0-5');
const stages = ['A', 'B', 'C'].map((label, displayOrder) => ({ label, displayOrder }));
const pipeline = createPipeline({ label: 'P', displayOrder: 0, stages }, tickets);

describe('stage metadata', () => {
  test('of deals is text, with the probability that HubSpot asks for', () => {
    expect(stageMetadata('0-3', { probability: 1 })).toEqual({ probability: '1.0', isClosed: 'true' });
    expect(stageMetadata('0-3', { probability: '0.25' })).toEqual({ probability: '0.25', isClosed: 'false' });
    for (const probability of ['', 'x', '1.1', -1])
      expect(() => stageMetadata('0-3', { probability })).toThrow(/probability/);
    expect(() => stageMetadata('0-3', {})).toThrow(/probability/);
  });

  test('of tickets says whether they are open', () => {
    expect(stageMetadata('0-5', {})).toEqual({ ticketState: 'OPEN', isClosed: 'false' });
    expect(stageMetadata('0-5', { ticketState: 'CLOSED' })).toEqual({ ticketState: 'CLOSED', isClosed: 'true' });
    expect(() => stageMetadata('0-5', { ticketState: 'DONE' })).toThrow(/OPEN or CLOSED/);
  });
});

test('replacing keeps the ids of stages with the same name and archives the others', () => {
  const replaced = replacePipeline(
    pipeline,
    {
      label: 'Q',
      displayOrder: 1,
      stages: [
        { label: 'C', displayOrder: 0 },
        { label: 'D', displayOrder: 1 },
      ],
    },
    tickets,
  );
  const [a, , c] = pipeline.stages;
  expect(replaced.stages.map(({ id, label, archived }) => [id, label, archived])).toEqual([
    [c?.id, 'C', false],
    [expect.stringMatching(/^\d+$/), 'D', false],
    [a?.id, 'A', true],
    [expect.any(String), 'B', true],
  ]);
});

test('two stages of a pipeline cannot have one name', () => {
  expect(() => addStage(pipeline, { label: 'A', displayOrder: 9 }, tickets)).toThrow(/unique/);
});

test('an archived stage is restored by sending archived false, and only so', () => {
  const stageId = pipeline.stages[0]?.id ?? '';
  const { pipeline: without } = archiveStage(pipeline, stageId, tickets);
  expect(() => patchStage(without, stageId, { label: 'Z' }, tickets)).toThrow(/No stage exists/);
  const { stage } = patchStage(without, stageId, { archived: false }, tickets);
  expect(stage).toMatchObject({ id: stageId, archived: false });
  expect(stage).not.toHaveProperty('archivedAt');
  expect(() => patchPipeline(pipeline, { archived: true }, tickets)).toThrow(/archived/);
});

test('closing a stage by its state says so in isClosed', () => {
  const { stage } = patchStage(
    pipeline,
    pipeline.stages[0]?.id ?? '',
    { metadata: { ticketState: 'CLOSED' } },
    tickets,
  );
  expect(stage.metadata).toEqual({ ticketState: 'CLOSED', isClosed: 'true' });
});
