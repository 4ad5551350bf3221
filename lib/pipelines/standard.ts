import type { Pipeline, Stage } from './schema.ts';

/** The pipelines of an installation have no birthday of their own. */
const epoch = '2026-01-01T00:00:00.000Z';

type StageData = readonly [id: string, label: string, metadata: Readonly<Record<string, string>>];

const stage = ([id, label, metadata]: StageData, displayOrder: number): Stage => ({
  id,
  label,
  displayOrder,
  metadata,
  archived: false,
  createdAt: epoch,
  updatedAt: epoch,
});

const pipeline = (id: string, label: string, displayOrder: number, stages: readonly StageData[]): Pipeline => ({
  id,
  label,
  displayOrder,
  stages: stages.map(stage),
  archived: false,
  createdAt: epoch,
  updatedAt: epoch,
});

const likely = (probability: string, isClosed = 'false') => ({ isClosed, probability });
const open = { ticketState: 'OPEN', isClosed: 'false' };
const closed = { ticketState: 'CLOSED', isClosed: 'true' };

const deals = [
  pipeline('default', 'Sales Pipeline', 0, [
    ['appointmentscheduled', 'Appointment Scheduled', likely('0.2')],
    ['qualifiedtobuy', 'Qualified To Buy', likely('0.4')],
    ['presentationscheduled', 'Presentation Scheduled', likely('0.6')],
    ['decisionmakerboughtin', 'Decision Maker Bought-In', likely('0.8')],
    ['contractsent', 'Contract Sent', likely('0.9')],
    ['closedwon', 'Closed Won', likely('1.0', 'true')],
    ['closedlost', 'Closed Lost', likely('0.0', 'true')],
  ]),
];

/** Where a ticket comes in that names no pipeline. It has the ids of HubSpot's Support Pipeline, which clients write by heart. */
const enquiries = '0';

/** The ticket pipelines in daily use; the prefix in 【】 is the team. Stage ids follow from the pipeline's. */
const ticketPipelines: readonly (readonly [id: string, label: string])[] = [
  ['101', '【CS】トラッキングテスト・タグ案内状況'],
  ['102', '【CS】追加プログラム稼働'],
  ['103', '【メディア】インセ掲載可否・変更・停止依頼'],
  ['104', '【コンサル】レビュー募集プログラム'],
  ['105', '【コンサル】オンラインセミナー'],
  ['106', '【コンサル】オプション'],
  ['107', '【サクセス】社内問合せ'],
  [enquiries, '【サクセス】問合せ対応'],
  ['109', '【既存】契約管理'],
];

/** HubSpot's Support Pipeline has New 1, Waiting on contact 2, Waiting on us 3, Closed 4. */
const ticketStages = (pipelineId: string): readonly StageData[] => {
  const id = (own: string, hubSpots: string) => (pipelineId === enquiries ? hubSpots : `${pipelineId}${own}`);
  return [
    [id('01', '1'), '未対応', open],
    [id('02', '10802'), '対応中', open],
    [id('03', '2'), '顧客返信待ち', open],
    [id('04', '3'), '社内確認中', open],
    [id('05', '4'), '完了', closed],
  ];
};

const tickets = ticketPipelines.map(([id, label], order) => pipeline(id, label, order, ticketStages(id)));

const leads = [
  pipeline('lead-pipeline-id', 'リードパイプライン', 0, [
    ['new-stage-id', '新規', { leadState: 'NEW' }],
    ['attempting-stage-id', '連絡中', { leadState: 'IN_PROGRESS' }],
    ['connected-stage-id', '接触済み', { leadState: 'IN_PROGRESS' }],
    ['qualified-stage-id', '見込みあり', { leadState: 'QUALIFIED', isClosed: 'true' }],
    ['unqualified-stage-id', '対象外', { leadState: 'UNQUALIFIED', isClosed: 'true' }],
  ]),
];

const workflow = (id: string, label: string) => [
  pipeline(id, label, 0, [
    [`${id}-new`, '未着手', { isClosed: 'false' }],
    [`${id}-in-progress`, '進行中', { isClosed: 'false' }],
    [`${id}-done`, '完了', { isClosed: 'true' }],
  ]),
];

/** The pipelines that a type has before anybody changes one, by object type id. */
export const standardPipelines: Readonly<Record<string, readonly Pipeline[]>> = {
  '0-3': deals,
  '0-5': tickets,
  '0-136': leads,
  '0-162': workflow('service-pipeline', 'サービスパイプライン'),
  '0-970': workflow('project-pipeline', 'プロジェクトパイプライン'),
};
