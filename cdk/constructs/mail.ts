import { Aws, CfnOutput } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  MailFromBehaviorOnMxFailure,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { MailResources } from './platform.ts';

/**
 * The domain that mail is sent from, and two configuration sets: one reports deliveries, bounces, opens and clicks; the one of bulk mail
 * leaves opens and clicks out, so that SES rewrites no link there: bulk mail has links and a picture of its own.
 */
export class Mail extends Construct implements MailResources {
  readonly from: string;
  readonly inboxAddress: string;
  readonly identityName: string;
  readonly identityArn: string;
  readonly configurationSetName: string;
  readonly configurationSetArn: string;
  readonly bulkConfigurationSetName: string;
  readonly bulkConfigurationSetArn: string;

  constructor(scope: Construct, id: string, domain: string, inboxAddress: string) {
    super(scope, id);
    const set = this.reporting('Events', [...reported, EmailSendingEvent.OPEN, EmailSendingEvent.CLICK]);
    const bulk = this.reporting('BulkEvents', reported);
    const identity = new EmailIdentity(this, 'Domain', {
      identity: Identity.domain(domain),
      configurationSet: set,
      // SPF is then the domain's own, too, which DMARC asks for; until its records are there SES sends from its own domain.
      mailFromDomain: bounceDomainOf(domain),
      mailFromBehaviorOnMxFailure: MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
    });
    this.inboxAddress = inboxAddress;
    this.from = `no-reply@${domain}`;
    this.identityName = identity.emailIdentityName;
    this.identityArn = identity.emailIdentityArn;
    this.configurationSetName = set.configurationSetName;
    this.configurationSetArn = arnOf(set);
    this.bulkConfigurationSetName = bulk.configurationSetName;
    this.bulkConfigurationSetArn = arnOf(bulk);
    for (const [index, { name, value }] of identity.dkimRecords.entries())
      this.record(`Dkim${index + 1}`, 'CNAME record that proves the domain', `${name} CNAME ${value}`);
    const bounces = bounceDomainOf(domain);
    this.record(
      'MailFromMx',
      'MX record of the domain that bounces come back to',
      `${bounces} MX 10 feedback-smtp.${Aws.REGION}.amazonses.com`,
    );
    this.record(
      'MailFromSpf',
      'TXT record that lets SES send for it (SPF)',
      `${bounces} TXT "v=spf1 include:amazonses.com ~all"`,
    );
    this.record(
      'Dmarc',
      'TXT record that says what becomes of forged mail: begin with p=none, end with p=reject',
      `_dmarc.${domain} TXT "v=DMARC1; p=none; rua=mailto:dmarc@${domain}"`,
    );
  }

  /** SES delivers to the account's default bus only; `events/subscriptions.ts` has the rules there. */
  private reporting(id: string, events: EmailSendingEvent[]): ConfigurationSet {
    const set = new ConfigurationSet(this, id, { suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS });
    const bus = EventBus.fromEventBusName(this, `${id}Default`, 'default');
    set.addEventDestination('Bus', { destination: EventDestination.eventBus(bus), events });
    return set;
  }

  private record(id: string, description: string, value: string): void {
    new CfnOutput(this, id, { description, value });
  }
}

const bounceDomainOf = (domain: string) => `bounce.${domain}`;

const arnOf = ({ configurationSetName }: ConfigurationSet) =>
  `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}:configuration-set/${configurationSetName}`;

const reported = [
  EmailSendingEvent.SEND,
  EmailSendingEvent.DELIVERY,
  EmailSendingEvent.DELIVERY_DELAY,
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
  EmailSendingEvent.RENDERING_FAILURE,
];
