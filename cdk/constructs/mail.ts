import { Aws, CfnOutput } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { MailResources } from './platform.ts';

/** The domain that mail is sent from, and the configuration set that reports deliveries, bounces, opens and clicks. */
export class Mail extends Construct implements MailResources {
  readonly from: string;
  readonly inboxAddress: string;
  readonly identityName: string;
  readonly identityArn: string;
  readonly configurationSetName: string;
  readonly configurationSetArn: string;

  constructor(scope: Construct, id: string, domain: string, inboxAddress: string) {
    super(scope, id);
    const set = new ConfigurationSet(this, 'Events', {
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    // SES delivers to the account's default bus only; `events/subscriptions.ts` has the rules there.
    set.addEventDestination('Bus', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'Default', 'default')),
      events: reported,
    });
    const identity = new EmailIdentity(this, 'Domain', { identity: Identity.domain(domain), configurationSet: set });
    this.inboxAddress = inboxAddress;
    this.from = `no-reply@${domain}`;
    this.identityName = identity.emailIdentityName;
    this.identityArn = identity.emailIdentityArn;
    this.configurationSetName = set.configurationSetName;
    this.configurationSetArn = `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}:configuration-set/${set.configurationSetName}`;
    for (const [index, { name, value }] of identity.dkimRecords.entries()) {
      new CfnOutput(this, `Dkim${index + 1}`, {
        description: 'CNAME record that proves the domain',
        value: `${name} CNAME ${value}`,
      });
    }
  }
}

const reported = [
  EmailSendingEvent.SEND,
  EmailSendingEvent.DELIVERY,
  EmailSendingEvent.DELIVERY_DELAY,
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
  EmailSendingEvent.RENDERING_FAILURE,
  EmailSendingEvent.OPEN,
  EmailSendingEvent.CLICK,
];
