import type { ApiName } from '../../lib/core/apis.ts';

/** What the localhost runner reads out of the synthesized templates: plain values, every intrinsic resolved. */

export type PolicyStatement = {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
};

export type FunctionModel = {
  /** Unique over all stacks; also the access key id that the function's credentials carry. */
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** `dist` folder that holds the bundle, and `objects/create.handler` within it. */
  readonly assetPath: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly policies: readonly PolicyStatement[];
};

export type RouteModel = {
  readonly api: ApiName;
  /** `GET /crm/v3/objects/{objectType}` or `$default`. */
  readonly routeKey: string;
  readonly functionId: string;
};

/** The paths that CloudFront sends to one API, by how they begin. */
export type BehaviourModel = { readonly prefix: string; readonly api: ApiName };

export type QueueModel = {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
};

export type RuleModel = {
  readonly name: string;
  readonly busName: string;
  readonly enabled: boolean;
  /** EventBridge event pattern; absent for a scheduled rule. */
  readonly pattern?: Readonly<Record<string, unknown>>;
  readonly schedule?: string;
  readonly targets: readonly {
    readonly id: string;
    /** A queue's or a function's ARN. */
    readonly arn: string;
    readonly input?: string;
    readonly deadLetterArn?: string;
    readonly maximumRetryAttempts?: number;
  }[];
};

export type EventSourceModel = {
  readonly id: string;
  readonly functionId: string;
  readonly source:
    | { readonly kind: 'stream'; readonly tableName: string }
    | { readonly kind: 'queue'; readonly queueArn: string };
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  readonly filters: readonly Readonly<Record<string, unknown>>[];
  readonly bisectOnError: boolean;
  readonly maximumRetryAttempts: number;
  readonly reportBatchItemFailures: boolean;
  readonly deadLetterArn?: string;
  readonly maximumConcurrency?: number;
};

export type TableModel = {
  readonly name: string;
  readonly arn: string;
  readonly definition: Readonly<Record<string, unknown>>;
};
export type SecretModel = {
  readonly name: string;
  readonly arn: string;
  readonly generate?: Readonly<Record<string, unknown>>;
  readonly value?: string;
};
export type CustomResourceModel = {
  readonly id: string;
  readonly functionId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
};

export type StackModel = {
  readonly functions: readonly FunctionModel[];
  readonly routes: readonly RouteModel[];
  readonly cors: Readonly<Partial<Record<ApiName, Readonly<Record<string, unknown>>>>>;
  /** What the address of the token APIs does with a path; the first that fits. */
  readonly front: readonly BehaviourModel[];
  readonly queues: readonly QueueModel[];
  readonly rules: readonly RuleModel[];
  readonly buses: readonly { readonly name: string; readonly arn: string }[];
  readonly eventSources: readonly EventSourceModel[];
  readonly tables: readonly TableModel[];
  readonly secrets: readonly SecretModel[];
  readonly fileBuckets: readonly { readonly name: string }[];
  readonly customResources: readonly CustomResourceModel[];
  readonly configurationSets: readonly { readonly name: string; readonly eventBusArn?: string }[];
};

/** Runs a function of the model once. `error` is set when the handler threw, timed out or could not start. */
export type Invoke = (
  functionId: string,
  payload: unknown,
) => Promise<{ readonly payload?: unknown; readonly error?: { readonly type: string; readonly message: string } }>;

/** The movable clock: real time plus an offset. Everything local that waits asks it. */
export interface Clock {
  now(): number;
  /** Calls back (at most once) when the clock has reached `at`, by time passing or by `advance`. Returns a cancel. */
  at(at: number, run: () => void): () => void;
  advance(ms: number): void;
}
