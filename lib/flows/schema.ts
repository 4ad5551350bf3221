import * as z from 'zod/mini';

/** Where a step leads; without `nextActionId` the run ends there. */
export const Connection = z.looseObject({
  edgeType: z.optional(z.string()),
  nextActionId: z.optional(z.nullable(z.string())),
});
export type Connection = z.output<typeof Connection>;

const ActionId = z.string().check(z.regex(/^[\w-]{1,40}$/, 'must be letters, digits, - or _'));

/** An action type of HubSpot's, such as `0-5`, or `send-survey`, which is ours; what its `fields` hold is in the file of that name under `actions/`. */
const SingleConnection = z.looseObject({
  type: z.literal('SINGLE_CONNECTION'),
  actionId: ActionId,
  actionTypeId: z.string().check(z.regex(/^(\d+-\d+|send-survey)$/, 'must be an action type id such as 0-5')),
  actionTypeVersion: z.optional(z.number()),
  fields: z._default(z.record(z.string(), z.unknown()), {}),
  connection: z.optional(Connection),
});

/** A webhook has its fields beside its type, not under `fields`. */
const Webhook = z.looseObject({ type: z.literal('WEBHOOK'), actionId: ActionId, connection: z.optional(Connection) });

const StaticBranch = z.looseObject({
  type: z.literal('STATIC_BRANCH'),
  actionId: ActionId,
  inputValue: z.optional(z.unknown()),
  staticBranches: z._default(
    z.array(z.looseObject({ branchValue: z.string(), connection: z.optional(Connection) })),
    [],
  ),
  defaultBranch: z.optional(Connection),
});

const ListBranch = z.looseObject({
  type: z.literal('LIST_BRANCH'),
  actionId: ActionId,
  listBranches: z.array(
    z.looseObject({
      filterBranch: z.unknown(),
      branchName: z.optional(z.string()),
      connection: z.optional(Connection),
    }),
  ),
  defaultBranch: z.optional(Connection),
});

const AbTestBranch = z.looseObject({
  type: z.literal('AB_TEST_BRANCH'),
  actionId: ActionId,
  testBranches: z.array(z.looseObject({ connection: z.optional(Connection) })).check(z.minLength(1)),
});

export const FlowAction = z.discriminatedUnion(
  'type',
  [SingleConnection, Webhook, StaticBranch, ListBranch, AbTestBranch],
  'must be SINGLE_CONNECTION, WEBHOOK, STATIC_BRANCH, LIST_BRANCH or AB_TEST_BRANCH',
);
export type FlowAction = z.output<typeof FlowAction>;
export type BranchAction = Extract<FlowAction, { type: 'STATIC_BRANCH' | 'LIST_BRANCH' | 'AB_TEST_BRANCH' }>;
export type EffectAction = Exclude<FlowAction, BranchAction>;

const list = z._default(z.array(z.unknown()), []);

/** A definition as HubSpot's bodies have it. What the engine does not execute is kept as it was given. */
export const FlowDefinition = z.looseObject({
  name: z.optional(z.string()),
  type: z.enum(['CONTACT_FLOW', 'PLATFORM_FLOW'], 'must be CONTACT_FLOW or PLATFORM_FLOW'),
  flowType: z._default(z.enum(['WORKFLOW', 'ACTION_SET', 'UNKNOWN']), 'WORKFLOW'),
  isEnabled: z._default(z.boolean(), false),
  objectTypeId: z._default(z.string().check(z.regex(/^\d+-\d+$/, 'must be an object type id such as 0-1')), '0-1'),
  startActionId: z.optional(z.nullable(z.string())),
  nextAvailableActionId: z.optional(z.string()),
  actions: z._default(z.array(FlowAction), []),
  enrollmentCriteria: z.optional(z.looseObject({ type: z.string() })),
  timeWindows: list,
  blockedDates: list,
  dataSources: list,
  customProperties: z._default(z.record(z.string(), z.unknown()), {}),
});
export type FlowDefinition = z.output<typeof FlowDefinition>;

/** HubSpot's body of a change: the whole definition, and the revision that it takes the place of. */
export const FlowUpdate = z.extend(FlowDefinition, {
  revisionId: z.pipe(
    z.union([z.string(), z.int()], 'must be the current revision of the flow, which the body takes the place of'),
    z.transform((revision) => String(revision)),
  ),
});
export type FlowUpdate = z.output<typeof FlowUpdate>;

/** A stored flow. `stamp` is drawn anew whenever it is enabled, disabled or stopped: what a run began under is still so, or it ends. */
export const Flow = z.object({
  id: z.string(),
  uuid: z.string(),
  revisionId: z.string(),
  stamp: z.string(),
  isEnabled: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
  definition: FlowDefinition,
});
export type Flow = z.output<typeof Flow>;

export const PublicFlow = z.looseObject({ id: z.string(), revisionId: z.string(), isEnabled: z.boolean() });

/** HubSpot's body of a flow. */
export const toPublicFlow = ({
  id,
  uuid,
  revisionId,
  createdAt,
  updatedAt,
  definition,
}: Flow): z.input<typeof PublicFlow> => ({
  ...definition,
  id,
  uuid,
  revisionId,
  createdAt,
  updatedAt,
  crmObjectCreationStatus: 'COMPLETE',
});

/** HubSpot's row of the listing: no actions. */
export const FlowSummary = z.object({
  id: z.string(),
  name: z.optional(z.string()),
  flowType: z.string(),
  isEnabled: z.boolean(),
  objectTypeId: z.string(),
  revisionId: z.string(),
  uuid: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type FlowSummary = z.output<typeof FlowSummary>;

export const toSummary = ({
  id,
  uuid,
  revisionId,
  isEnabled,
  createdAt,
  updatedAt,
  definition,
}: Flow): FlowSummary => ({
  id,
  ...(definition.name !== undefined && { name: definition.name }),
  flowType: definition.flowType,
  isEnabled,
  objectTypeId: definition.objectTypeId,
  revisionId,
  uuid,
  createdAt,
  updatedAt,
});
