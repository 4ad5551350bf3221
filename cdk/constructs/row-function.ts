import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Capability } from '../../lib/core/operation.ts';
import { allow, grantOf } from './capabilities.ts';
import { pascal, product } from './names.ts';
import type { Platform } from './platform.ts';

/** The part of an operation's or a worker's row that makes its function. */
interface FunctionRow {
  readonly id: string;
  readonly uses: readonly Capability[];
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
}

interface RowFunctionProps {
  readonly row: FunctionRow;
  readonly description: string;
  readonly code: Code;
  readonly platform: Platform;
  readonly timeoutSeconds: number;
  /** For a worker that may send to a queue it reads: Lambda would cut the chain of its messages after sixteen. */
  readonly continuesItself?: boolean;
  /** What it has to know beside what its capabilities tell it. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Rights that come with what starts the function (a queue, the stream), not with its row. */
  readonly triggerStatements?: readonly PolicyStatement[];
}

/** Where the log of a function is. */
const logGroupName = (id: string) => `/aws/lambda/${functionName(id)}`;

/** `objects/create` runs as `tsunagi-objects-create`. */
const functionName = (id: string) => `${product}-${id.replaceAll('/', '-')}`;

/**
 * The function of one row: its handler out of the shared bundle, a role of its own that allows what the row's
 * capabilities say and nothing else, their variables, and a log that is kept for 90 days.
 */
export class RowFunction extends LambdaFunction {
  constructor(scope: Construct, props: RowFunctionProps) {
    const { row, platform } = props;
    const name = pascal(row.id);
    const grants = row.uses.map((capability) => grantOf(capability, platform));
    const logGroup = new LogGroup(scope, `${name}Log`, {
      logGroupName: logGroupName(row.id),
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Inline, so that a function never exists without its rights and the stack spends one resource on both.
    const statements = [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
      ...grants.flatMap((grant) => grant.statements),
      ...(props.triggerStatements ?? []),
    ];
    const role = new Role(scope, `${name}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { row: new PolicyDocument({ statements }) },
    });
    if (row.uses.includes('mail:quota')) {
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'ses:GetSendQuota is about the account: it knows no resource-level permission.',
      });
    }
    if (row.uses.some((capability) => capability.startsWith('files:'))) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${platform.filesExport}/*]`,
        reason:
          'The files of the bucket come into being as people upload and export: their keys cannot be listed beforehand.',
      });
    }
    for (const action of row.uses.filter((capability) => capability.startsWith('mails:'))) {
      for (const folder of action === 'mails:write' ? ['attachments'] : ['inbound', 'attachments'])
        Validations.of(role).acknowledge({
          id: `AwsSolutions-IAM5[Resource::${platform.mailsExport}/${folder}/*]`,
          reason: 'Mails and their files come in under keys that nobody knows beforehand.',
        });
    }
    super(scope, name, {
      functionName: functionName(row.id),
      description: props.description.slice(0, 256),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${row.id}.handler`,
      code: props.code,
      role,
      logGroup,
      memorySize: row.memoryMb ?? 512,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.continuesItself && { recursiveLoop: RecursiveLoop.ALLOW }),
      environment: Object.assign(
        { PORTAL_ID: String(platform.portalId), POWERTOOLS_SERVICE_NAME: product, ...props.variables },
        ...grants.map((grant) => grant.variables),
      ),
    });
  }
}
