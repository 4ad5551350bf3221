import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ApiName } from '../../lib/core/apis.ts';
import { alarmOnServerErrors } from './alarms.ts';
import { product } from './names.ts';

interface GatewayProps {
  readonly name: ApiName;
  readonly requestsPerSecond: number;
  readonly burst: number;
  /** Whether pages of other origins may call it. */
  readonly cors?: boolean;
  readonly alarmTopic: ITopic;
}

/** An HTTP API with its one stage: throttled, each request logged, an alarm on server errors. */
export class Gateway extends Construct {
  readonly http: HttpApi;

  constructor(scope: Construct, id: string, { name, requestsPerSecond, burst, cors, alarmTopic }: GatewayProps) {
    super(scope, id);
    this.http = new HttpApi(this, 'Http', {
      apiName: `${product}-${name}`,
      createDefaultStage: false,
      ...(cors && { corsPreflight: anyOrigin }),
    });
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/apigateway/${product}-${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.http,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: requestsPerSecond, burstLimit: burst },
      accessLogSettings: { destination: new LogGroupLogDestination(log), format: AccessLogFormat.custom(accessLog) },
    });
    alarmOnServerErrors(this, name, this.http, alarmTopic);
  }
}

const anyOrigin: CorsPreflightOptions = {
  allowOrigins: ['*'],
  allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.OPTIONS],
  allowHeaders: ['content-type', 'idempotency-key'],
  maxAge: Duration.hours(24),
};

/** The route and not the path, and nobody's address: paths hold e-mail addresses and signed links, and an IP address is a person's. */
const accessLog = JSON.stringify({
  time: '$context.requestTime',
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  responseLength: '$context.responseLength',
  integrationError: '$context.integrationErrorMessage',
});
