/**
 * Resource types that change nothing about how the system runs on localhost, each with the reason. Any other type that the
 * runner does not know stops it, so that nothing is left out by accident.
 */
export const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Deployment': 'the stage deploys itself',
  'AWS::ApiGatewayV2::Integration': 'read with the routes that use it',
  'AWS::ApiGatewayV2::Stage': 'one stage, always deployed; throttling and access logs guard the account',
  'AWS::Budgets::Budget': 'nothing costs money here',
  'AWS::CDK::Metadata': 'describes the app',
  'AWS::CloudFormation::Stack': 'its template is read like the others',
  'AWS::CloudWatch::Alarm': 'watches the account',
  'AWS::CloudWatch::CompositeAlarm': 'watches the account',
  'AWS::CloudWatch::Dashboard': 'watches the account',
  'AWS::Events::EventBusPolicy': 'one account',
  'AWS::IAM::ManagedPolicy': 'read with the roles that have it',
  'AWS::IAM::Policy': 'read with the roles that have it',
  'AWS::IAM::Role': 'read with the functions that have it',
  'AWS::KMS::Alias': 'nothing is encrypted here',
  'AWS::KMS::Key': 'nothing is encrypted here',
  'AWS::Lambda::EventInvokeConfig': 'asynchronous calls are retried by the target that makes them',
  'AWS::Lambda::Permission': 'read with the routes and rules that need it',
  'AWS::Logs::LogGroup': 'logs go to a file',
  'AWS::Logs::MetricFilter': 'watches the account',
  'AWS::S3::BucketPolicy': 'refuses connections without TLS; lets SES put mail, which localhost does itself',
  'AWS::SES::ConfigurationSetEventDestination': 'read with its configuration set',
  'AWS::SES::ReceiptRule': 'mail is handed in at /local/inbound-mail and the SMTP port',
  'AWS::SES::ReceiptRuleSet': 'mail is handed in at /local/inbound-mail and the SMTP port',
  'AWS::SES::EmailIdentity': 'every sender is verified here',
  'AWS::SNS::Subscription': 'tells people about alarms',
  'AWS::SNS::Topic': 'tells people about alarms',
  'AWS::SNS::TopicPolicy': 'tells people about alarms',
  'AWS::SQS::QueuePolicy': 'read with the rules that need it',
  'AWS::Scheduler::ScheduleGroup': 'only groups schedules',
  'AWS::SecretsManager::ResourcePolicy': 'one account',
};

/** Types that the runner reads, beside `Custom::…`. */
export const readTypes: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Route',
  'AWS::CloudFormation::CustomResource',
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::SES::ConfigurationSet',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::Secret',
]);
