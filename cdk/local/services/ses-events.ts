import { randomUUID } from 'node:crypto';
import { headerValue, type MailHeader } from './mail-header.ts';

/** The event types that a mail can go through, with EventBridge's names for them. */
export const detailTypes = {
  Send: 'Email Sent',
  Delivery: 'Email Delivered',
  Bounce: 'Email Bounced',
  Complaint: 'Email Complaint Received',
  Open: 'Email Opened',
  Click: 'Email Clicked',
  Reject: 'Email Rejected',
  'Rendering Failure': 'Email Rendering Failed',
} as const;
export type SesEventType = keyof typeof detailTypes;

export type SentMail = {
  readonly messageId: string;
  readonly at: number;
  readonly from: string;
  readonly destination: readonly string[];
  readonly headers: readonly MailHeader[];
  readonly to: readonly string[];
  readonly tags: Readonly<Record<string, readonly string[]>>;
};

export type EventOptions = {
  readonly at: number;
  readonly recipients: readonly string[];
  /** Where a click led. */
  readonly link?: string;
  /** `Permanent`, `Transient` or `Undetermined`; permanent unless told. */
  readonly bounceType?: string;
  readonly bounceSubType?: string;
};

/** The detail of an SES event as EventBridge delivers it. */
export function sesEventDetail(type: SesEventType, mail: SentMail, options: EventOptions): Record<string, unknown> {
  const { key, body } = describe(type, options);
  return { eventType: type, mail: describeMail(mail), [key]: body };
}

function describeMail(mail: SentMail): Record<string, unknown> {
  const common = (name: string) => headerValue(mail.headers, name);
  return {
    timestamp: new Date(mail.at).toISOString(),
    source: mail.from,
    sendingAccountId: '000000000000',
    messageId: mail.messageId,
    destination: mail.destination,
    headersTruncated: false,
    headers: mail.headers,
    commonHeaders: {
      from: [common('from') ?? mail.from],
      to: mail.to,
      messageId: mail.messageId,
      subject: common('subject') ?? '',
      ...(common('date') === undefined ? {} : { date: common('date') }),
      ...(common('reply-to') === undefined ? {} : { replyTo: [common('reply-to')] }),
    },
    tags: mail.tags,
  };
}

function describe(type: SesEventType, options: EventOptions): { key: string; body: Record<string, unknown> } {
  const timestamp = new Date(options.at).toISOString();
  const reader = { timestamp, ipAddress: '127.0.0.1', userAgent: 'Mozilla/5.0 (local)' };
  switch (type) {
    case 'Send':
      return { key: 'send', body: {} };
    case 'Delivery': {
      const smtpResponse = '250 2.6.0 Message received';
      return {
        key: 'delivery',
        body: {
          timestamp,
          processingTimeMillis: 100,
          recipients: options.recipients,
          smtpResponse,
          reportingMTA: 'a1.local',
        },
      };
    }
    case 'Bounce':
      return { key: 'bounce', body: bounce(options, timestamp) };
    case 'Complaint': {
      const complainedRecipients = options.recipients.map((emailAddress) => ({ emailAddress }));
      const feedback = {
        complaintSubType: null,
        feedbackId: randomUUID(),
        complaintFeedbackType: 'abuse',
        userAgent: 'Amazon SES Mailbox Simulator',
      };
      return { key: 'complaint', body: { complainedRecipients, timestamp, arrivalDate: timestamp, ...feedback } };
    }
    case 'Open':
      return { key: 'open', body: reader };
    case 'Click':
      return { key: 'click', body: { ...reader, link: options.link ?? '', linkTags: null } };
    case 'Reject':
      return { key: 'reject', body: { reason: 'Bad content' } };
    case 'Rendering Failure':
      return {
        key: 'failure',
        body: { errorMessage: 'Attribute is not present in the rendering data.', templateName: '' },
      };
  }
}

function bounce(
  { recipients, bounceType = 'Permanent', bounceSubType = 'General' }: EventOptions,
  timestamp: string,
): Record<string, unknown> {
  const status = bounceType === 'Permanent' ? '5.1.1' : '4.4.7';
  const diagnosticCode =
    bounceType === 'Permanent' ? 'smtp; 550 5.1.1 user unknown' : 'smtp; 421 4.4.7 message expired';
  return {
    feedbackId: randomUUID(),
    bounceType,
    bounceSubType,
    bouncedRecipients: recipients.map((emailAddress) => ({ emailAddress, action: 'failed', status, diagnosticCode })),
    timestamp,
    reportingMTA: 'dns; a1.local',
  };
}
