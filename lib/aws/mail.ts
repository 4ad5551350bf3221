import { GetSendQuotaCommand, SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { environment } from '../core/environment.ts';
import { quotedAddress } from '../mail/address.ts';

/** One try: a mail whose fate is not known must not be sent again by a client that retries. */
const client = new SESClient({
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true },
});

/** What became of a call: SES took the mail, surely did not (for now or for good), or nobody knows. */
export type MailOutcome =
  | { readonly state: 'SENT'; readonly messageId: string }
  | { readonly state: 'RETRY' | 'FAILED' | 'UNKNOWN'; readonly reason: string };

/** Who mail comes from. */
export const mailSender = () => environment('MAIL_FROM');

/** Gives one raw message to SES, once. Never throws for what SES or the network did. */
export const sendRawMail = (raw: Uint8Array, to: readonly string[]): Promise<MailOutcome> =>
  give(raw, to, environment('MAIL_CONFIGURATION_SET'));

/** The same for a mail of a send, in which SES follows no link: it has its own. */
export const sendBulkMail = (raw: Uint8Array, to: string): Promise<MailOutcome> =>
  give(raw, [to], environment('MAIL_BULK_CONFIGURATION_SET'));

async function give(raw: Uint8Array, to: readonly string[], set: string): Promise<MailOutcome> {
  const command = new SendRawEmailCommand({
    Source: mailSender(),
    Destinations: to.map(quotedAddress),
    RawMessage: { Data: raw },
    ConfigurationSetName: set,
  });
  try {
    const { MessageId = '' } = await client.send(command);
    return { state: 'SENT', messageId: MessageId };
  } catch (error) {
    return outcomeOf(error);
  }
}

const throttles = [
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'LimitExceededException',
  'ServiceUnavailable',
  // SES pauses an account or a configuration set for a while: nothing was taken.
  'AccountSendingPausedException',
  'ConfigurationSetSendingPausedException',
];
/** The request never left: no connection was made. */
const notSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

function outcomeOf(error: unknown): MailOutcome {
  if (!(error instanceof Error)) throw error;
  const { name, code, $metadata } = error as Error & { code?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const reason = `${name}${status === undefined ? '' : ` (${status})`}: ${error.message}`.slice(0, 500);
  const neverConnected =
    notSent.includes(code ?? '') ||
    /without establishing a connection|did not establish a connection/.test(error.message);
  if (throttles.includes(name) || status === 429 || status === 503 || neverConnected) return { state: 'RETRY', reason };
  return { state: status !== undefined && status >= 400 && status < 500 ? 'FAILED' : 'UNKNOWN', reason };
}

/** What SES lets this account send: mails a second, mails in 24 hours (-1 = any number), and how many of them were sent. */
export async function sendQuota(): Promise<{ readonly rate: number; readonly daily: number; readonly sent: number }> {
  const { MaxSendRate = 0, Max24HourSend = 0, SentLast24Hours = 0 } = await client.send(new GetSendQuotaCommand({}));
  return { rate: MaxSendRate, daily: Max24HourSend, sent: SentLast24Hours };
}
