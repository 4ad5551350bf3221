import { expect, test } from 'vitest';
import { standardPipelines } from '../../../lib/pipelines/standard.ts';

const tickets = standardPipelines['0-5'] ?? [];

test('the nine ticket pipelines have exactly these names', () => {
  expect(tickets.map(({ label }) => label)).toEqual([
    '【CS】トラッキングテスト・タグ案内状況',
    '【CS】追加プログラム稼働',
    '【メディア】インセ掲載可否・変更・停止依頼',
    '【コンサル】レビュー募集プログラム',
    '【コンサル】オンラインセミナー',
    '【コンサル】オプション',
    '【サクセス】社内問合せ',
    '【サクセス】問合せ対応',
    '【既存】契約管理',
  ]);
});

test('each has the five stages, and only the last ends the work', () => {
  for (const { stages } of tickets) {
    expect(stages.map(({ label }) => label)).toEqual(['未対応', '対応中', '顧客返信待ち', '社内確認中', '完了']);
    expect(stages.map(({ metadata }) => metadata.isClosed)).toEqual(['false', 'false', 'false', 'false', 'true']);
  }
});

test('ids are numbers as text and no stage id is there twice', () => {
  const ids = tickets.flatMap(({ id, stages }) => [id, ...stages.map((stage) => `stage ${stage.id}`)]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id } of tickets) expect(id).toMatch(/^\d+$/);
});

test("HubSpot's ids of its default pipelines are there", () => {
  expect(standardPipelines['0-3']?.map(({ id }) => id)).toEqual(['default']);
  const support = tickets.find(({ id }) => id === '0');
  expect(['1', '2', '3', '4'].every((stage) => support?.stages.some(({ id }) => id === stage))).toBe(true);
});
