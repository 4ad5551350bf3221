import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Front, type FrontDomain } from '../constructs/front.ts';
import { Gateway } from '../constructs/gateway.ts';
import type { ApiIds } from '../constructs/operation-api.ts';

interface HttpStackProps extends StackProps {
  readonly alarmTopic: ITopic;
  /** The installation's own name for the token APIs. */
  readonly apiDomain: FrontDomain | undefined;
}

/** The HTTP APIs, and the one address of those that ask for a token. Their routes are in the stacks of the areas. */
export class HttpStack extends Stack {
  readonly apis: ApiIds;
  /** The host of the token APIs. */
  readonly apiHost: string;
  /** The address of the public API. */
  readonly publicUrl: string;

  constructor(scope: Construct, id: string, { alarmTopic, apiDomain, ...props }: HttpStackProps) {
    super(scope, id, props);
    const api = new Gateway(this, 'Api', { name: 'api', alarmTopic, requestsPerSecond: 500, burst: 1000 });
    const engage = new Gateway(this, 'Engage', { name: 'engage', alarmTopic, requestsPerSecond: 300, burst: 600 });
    const open = new Gateway(this, 'Public', {
      name: 'public',
      alarmTopic,
      requestsPerSecond: 200,
      burst: 400,
      // Landing pages of any origin post forms. No cookie and no token goes with it, so any origin may.
      cors: true,
    });
    this.apis = { api: api.http.apiId, engage: engage.http.apiId, public: open.http.apiId };
    this.apiHost = new Front(this, 'Front', { apis: this.apis, domain: apiDomain }).host;
    // For the reason that the data stack has: an area may lose its last route to one of them.
    this.publicUrl = open.http.apiEndpoint;
    for (const value of [...Object.values(this.apis), this.publicUrl]) this.exportValue(value);
    if (!apiDomain) this.exportValue(this.apiHost);
    new CfnOutput(this, 'ApiUrl', { value: `https://${this.apiHost}` });
    new CfnOutput(this, 'PublicUrl', { value: open.http.apiEndpoint });
  }
}
