/** The variables that capabilities bring, for handlers that are tested without a stack. */
Object.assign(process.env, {
  TABLE_NAME: 'table',
  PORTAL_ID: '24601001',
  BUS_NAME: 'bus',
  QUEUE_FLOW_STEPS_URL: 'https://sqs.test/000000000000/flow-steps',
  SLACK_SECRET_ARN: 'arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:slack',
  ACCESS_TOKEN_SECRET_ARN: 'arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:access-token',
  MAIL_FROM: 'crm@example.co.jp',
  MAIL_CONFIGURATION_SET: 'tsunagi',
  OUTGOING_PRIVATE_ADDRESSES: 'refuse',
  AWS_REGION: 'ap-northeast-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  POWERTOOLS_DEV: 'false',
});
