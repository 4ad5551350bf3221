import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Gateway } from '../constructs/gateway.ts';
import type { ApiIds } from '../constructs/operation-api.ts';

interface HttpStackProps extends StackProps {
  readonly alarmTopic: ITopic;
}

/** The two HTTP APIs. Their routes are in the stacks of the areas. */
export class HttpStack extends Stack {
  readonly apis: ApiIds;
  /** The address of the public API. */
  readonly publicUrl: string;

  constructor(scope: Construct, id: string, { alarmTopic, ...props }: HttpStackProps) {
    super(scope, id, props);
    const api = new Gateway(this, 'Api', { name: 'api', alarmTopic, requestsPerSecond: 500, burst: 1000 });
    const open = new Gateway(this, 'Public', {
      name: 'public',
      alarmTopic,
      requestsPerSecond: 200,
      burst: 400,
      // Landing pages of any origin post forms. No cookie and no token goes with it, so any origin may.
      cors: true,
    });
    this.apis = { api: api.http.apiId, public: open.http.apiId };
    // For the reason that the data stack has: an area may lose its last route to one of them.
    this.publicUrl = open.http.apiEndpoint;
    for (const value of [...Object.values(this.apis), this.publicUrl]) this.exportValue(value);
    new CfnOutput(this, 'ApiUrl', { value: api.http.apiEndpoint });
    new CfnOutput(this, 'PublicUrl', { value: open.http.apiEndpoint });
  }
}
