import { Aws, CfnOutput, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { CfnReceiptRule, CfnReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';

/**
 * Mail that comes in: SES takes it over TLS only, looks for spam and viruses, and puts it as it is into a bucket that tells EventBridge.
 * Nothing expires there: the mail as it came is what everything else can be made of again.
 */
export class InboundMail extends Construct {
  readonly bucket: Bucket;
  /** Where the first inbox gets its mail. */
  readonly address: string;

  constructor(scope: Construct, id: string, domain: string) {
    super(scope, id);
    this.address = `inbox@${domain}`;
    this.bucket = this.mails();
    const rules = new CfnReceiptRuleSet(this, 'RuleSet', { ruleSetName: 'tsunagi' });
    const rule = new CfnReceiptRule(this, 'Rule', {
      ruleSetName: rules.ref,
      rule: {
        name: 'inbox',
        enabled: true,
        recipients: [domain],
        scanEnabled: true,
        tlsPolicy: 'Require',
        actions: [{ s3Action: { bucketName: this.bucket.bucketName, objectKeyPrefix: 'inbound/' } }],
      },
    });
    // SES tries to write when the rule is made.
    if (this.bucket.policy) rule.node.addDependency(this.bucket.policy);
    new CfnOutput(this, 'Mx', {
      description: 'MX record of the domain that mail comes to',
      value: `${domain} MX 10 inbound-smtp.${Aws.REGION}.amazonaws.com`,
    });
  }

  private mails(): Bucket {
    const bucket = new Bucket(this, 'Mails', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [
        {
          id: 'old-mail-is-read-seldom',
          transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(90) }],
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The L2's own switch would bring a function that sets it.
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('inbound/*')],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only SES writes mail and only functions read it, each by its own grant: their logs tell who did.',
    });
    return bucket;
  }
}
