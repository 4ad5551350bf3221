export type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly ArnEquals?: Readonly<Record<string, readonly string[]>> };
};

type PolicyDocument = { readonly Statement: readonly Statement[] };

type Behaviour = { readonly PathPattern: string; readonly TargetOriginId: string };
type Origin = {
  readonly Id: string;
  readonly DomainName: string;
  readonly CustomOriginConfig: { readonly OriginReadTimeout: number };
};

/**
 * The properties of resources that the tests read, whatever the resource's type: a test asks for those of its type. One
 * that is not there makes the test fail that reads it.
 */
export type Properties = {
  readonly AccessLogSettings: { readonly DestinationArn: string; readonly Format: string };
  readonly AdminEmail?: string;
  readonly ApiId: string;
  readonly BatchSize: number;
  readonly Code: { readonly S3Key: string };
  readonly CorsConfiguration?: Readonly<Record<string, unknown>>;
  readonly DefaultRouteSettings: { readonly ThrottlingRateLimit: number; readonly ThrottlingBurstLimit: number };
  readonly Description: string;
  readonly DestinationConfig: { readonly OnFailure: { readonly Destination: string } };
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  readonly DistributionConfig: {
    readonly Origins: readonly Origin[];
    readonly CacheBehaviors: readonly Behaviour[];
    readonly DefaultCacheBehavior: Behaviour;
    readonly CustomErrorResponses: readonly { readonly ErrorCode: number; readonly ErrorCachingMinTTL: number }[];
  };
  readonly EventDestination: Readonly<Record<string, unknown>>;
  readonly EventSourceArn: string;
  readonly FilterCriteria: { readonly Filters: readonly { readonly Pattern: string }[] };
  readonly FunctionName: string;
  readonly FunctionResponseTypes: readonly string[];
  readonly GenerateSecretString?: Readonly<Record<string, unknown>>;
  readonly Handler: string;
  readonly IntegrationUri: string;
  readonly LoggingConfig: { readonly LogGroup: string };
  readonly ManagedPolicyArns?: readonly string[];
  readonly MessageRetentionPeriod: number;
  readonly MetricName: string;
  readonly Policies: readonly { readonly PolicyDocument: PolicyDocument }[];
  readonly PolicyDocument: PolicyDocument;
  readonly Principal: string;
  readonly QueueName: string;
  readonly RecursiveLoop?: string;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
  readonly Role: string;
  readonly RouteKey: string;
  readonly ScalingConfig?: { readonly MaximumConcurrency: number };
  readonly ScheduleExpression?: string;
  readonly SourceArn: string;
  readonly SqsManagedSseEnabled?: boolean;
  readonly Target: string;
  readonly Targets: readonly { readonly Id: string; readonly Arn: string }[];
  readonly Timeout: number;
  readonly Version: string;
  readonly VisibilityTimeout: number;
};
