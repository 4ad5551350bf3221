import { randomUUID } from 'node:crypto';
import type { Clock, StackModel } from '../model.ts';
import type { EventBus } from './event-bus.ts';
import { headerValue, parseAddresses } from './mail-header.ts';
import { type ParsedMail, parseMail } from './mime.ts';
import { escapeXml, memberValues, QueryError, queryResponse } from './query-protocol.ts';
import { composeMail } from './ses-compose.ts';
import { detailTypes, type EventOptions, type SesEventType, sesEventDetail } from './ses-events.ts';
import { type SendQuota, SesPace } from './ses-pace.ts';
import type { Store } from './store.ts';

type Envelope = { readonly from: string; readonly to: readonly string[] };

/** A mail as the mail page lists it. */
export type Mail = {
  readonly messageId: string;
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly envelope: Envelope;
  /** By name as sent; a repeated header's values are joined by line breaks. */
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: ParsedMail['attachments'];
  readonly raw: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string | undefined;
};

type MailRow = {
  message_id: string;
  at: number;
  configuration_set: string | null;
  operation: string;
  envelope: string;
  tags: string;
  raw: Uint8Array;
  parsed: string;
};

const maximumRecipients = 50;
const maximumBytes = 10_485_760;

/** SES v1: takes mail, keeps it, and lets the mailbox simulator's addresses bounce and complain. */
export class Ses {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #bus: EventBus;
  readonly #configurationSets: ReadonlyMap<string, string | undefined>;
  readonly #region: string;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #pace = new SesPace();

  constructor(options: {
    store: Store;
    clock: Clock;
    bus: EventBus;
    configurationSets: StackModel['configurationSets'];
    region?: string;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#bus = options.bus;
    this.#region = options.region ?? 'us-east-1';
    this.#configurationSets = new Map(options.configurationSets.map(({ name, eventBusArn }) => [name, eventBusArn]));
    this.#sql = prepare(options.store);
  }

  /** One call: the form that was posted → the XML to answer. Throws a `QueryError`. */
  execute(action: string, form: URLSearchParams): string {
    const run = this.#actions[action];
    if (!run) throw new QueryError('InvalidAction', `Could not find operation ${action} for version 2010-12-01`);
    return queryResponse(action, run(form));
  }

  /** Newest first. */
  mails(options: { limit?: number } = {}): Mail[] {
    return this.#sql.newest.all(options.limit ?? -1).map(publicMail);
  }

  mail(messageId: string): Mail | undefined {
    const row = this.#sql.one.get(messageId);
    return row && publicMail(row);
  }

  clear(): void {
    this.#sql.clear.run();
  }

  /** Lets something happen to a sent mail. False when there is no such mail or no bus that its configuration set tells. */
  emit(messageId: string, type: SesEventType, options: Partial<EventOptions> = {}): boolean {
    const row = this.#sql.one.get(messageId);
    if (!row) return false;
    const mail = publicMail(row);
    return this.#publish(row, type, { at: this.#clock.now(), recipients: mail.envelope.to, ...options });
  }

  readonly #actions: Readonly<Record<string, (form: URLSearchParams) => string>> = {
    SendRawEmail: (form) => {
      const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64');
      if (raw.length === 0) throw new QueryError('InvalidParameterValue', 'Message is empty.');
      return this.#accept('SendRawEmail', form, raw, memberValues(form, 'Destinations'));
    },
    SendEmail: (form) => {
      const lists = ['To', 'Cc', 'Bcc'].map((kind) => memberValues(form, `Destination.${kind}Addresses`));
      return this.#accept('SendEmail', form, composeMail(form, this.#clock.now()), lists.flat());
    },
    GetSendQuota: () => {
      const { maxSendRate, max24HourSend } = this.#pace.quota;
      return `<Max24HourSend>${max24HourSend.toFixed(1)}</Max24HourSend><MaxSendRate>${maxSendRate.toFixed(1)}</MaxSendRate><SentLast24Hours>${this.#sentToday()}.0</SentLast24Hours>`;
    },
    GetSendStatistics: () => '<SendDataPoints/>',
    VerifyEmailIdentity: () => '',
    GetIdentityVerificationAttributes: (form) => {
      const entry = (identity: string) =>
        `<entry><key>${escapeXml(identity)}</key><value><VerificationStatus>Success</VerificationStatus></value></entry>`;
      return `<VerificationAttributes>${memberValues(form, 'Identities').map(entry).join('')}</VerificationAttributes>`;
    },
  };

  /** Another quota than the usual one, for trying out what a small account of SES does. */
  setQuota(quota: Partial<SendQuota>): SendQuota {
    return this.#pace.set(quota);
  }

  #sentToday(): number {
    return this.#sql.sentSince.get(this.#clock.now() - 86_400_000)?.count ?? 0;
  }

  #accept(operation: string, form: URLSearchParams, raw: Buffer, destinations: readonly string[]): string {
    if (raw.length > maximumBytes)
      throw new QueryError(
        'InvalidParameterValue',
        `Message length is more than ${maximumBytes} bytes long: '${raw.length}'.`,
      );
    const parsed = parseMail(raw);
    const source = form.get('Source') ?? headerValue(parsed.headers, 'from');
    if (!source) throw new QueryError('InvalidParameterValue', "Missing required header 'From'.");
    const to = destinations.length > 0 ? destinations.map(bareAddress) : [...parsed.to, ...parsed.cc, ...parsed.bcc];
    const envelope: Envelope = { from: bareAddress(form.get('ReturnPath') ?? source), to };
    checkRecipients(to);
    const configurationSet = form.get('ConfigurationSetName') ?? headerValue(parsed.headers, 'x-ses-configuration-set');
    if (configurationSet && !this.#configurationSets.has(configurationSet)) {
      throw new QueryError('ConfigurationSetDoesNotExist', `Configuration set <${configurationSet}> does not exist.`);
    }
    const row: MailRow = {
      message_id: `${Date.now().toString(16).padStart(16, '0')}-${randomUUID()}-000000`,
      at: this.#clock.now(),
      configuration_set: configurationSet ?? null,
      operation,
      envelope: JSON.stringify(envelope),
      tags: JSON.stringify(messageTags(form, parsed)),
      raw,
      parsed: JSON.stringify(parsed),
    };
    this.#pace.take(() => this.#sentToday());
    this.#store.transaction(() => {
      this.#sql.insert.run(
        row.message_id,
        row.at,
        row.configuration_set,
        operation,
        row.envelope,
        row.tags,
        raw,
        row.parsed,
      );
      this.#simulate(row, to);
    });
    return `<MessageId>${row.message_id}</MessageId>`;
  }

  /** What the receiving side would report: AWS's simulator addresses behave, everybody else gets the mail. */
  #simulate(row: MailRow, recipients: readonly string[]): void {
    const at = this.#clock.now();
    const by = (...names: string[]) => recipients.filter((address) => names.includes(simulatorName(address) ?? ''));
    const [bounced, suppressed, complaining] = [by('bounce'), by('suppressionlist'), by('complaint')];
    const delivered = recipients.filter((address) => !bounced.includes(address) && !suppressed.includes(address));
    this.#publish(row, 'Send', { at, recipients });
    if (delivered.length > 0) this.#publish(row, 'Delivery', { at, recipients: delivered });
    if (bounced.length > 0) this.#publish(row, 'Bounce', { at, recipients: bounced });
    if (suppressed.length > 0)
      this.#publish(row, 'Bounce', { at, recipients: suppressed, bounceSubType: 'Suppressed' });
    if (complaining.length > 0) this.#publish(row, 'Complaint', { at, recipients: complaining });
  }

  #publish(row: MailRow, type: SesEventType, options: EventOptions): boolean {
    const { configuration_set: configurationSet } = row;
    const busArn = configurationSet === null ? undefined : this.#configurationSets.get(configurationSet);
    const bus = busArn === undefined ? undefined : this.#bus.busName(busArn);
    if (bus === undefined) return false;
    const detail = sesEventDetail(type, sentMail(row), options);
    const resources = [`arn:aws:ses:${this.#region}:000000000000:configuration-set/${configurationSet}`];
    this.#bus.publish(bus, { source: 'aws.ses', detailType: detailTypes[type], detail, resources, time: options.at });
    return true;
  }
}

function publicMail(row: MailRow): Mail {
  const parsed = JSON.parse(row.parsed) as ParsedMail;
  const headers: Record<string, string> = {};
  for (const { name, value } of parsed.headers)
    headers[name] = headers[name] === undefined ? value : `${headers[name]}\n${value}`;
  return {
    messageId: row.message_id,
    at: new Date(row.at).toISOString(),
    from: parsed.from,
    to: parsed.to,
    envelope: JSON.parse(row.envelope) as Envelope,
    headers,
    subject: parsed.subject,
    text: parsed.text,
    html: parsed.html,
    attachments: parsed.attachments,
    raw: Buffer.from(row.raw).toString('utf8'),
    tags: JSON.parse(row.tags) as Record<string, string>,
    configurationSet: row.configuration_set ?? undefined,
  };
}

function sentMail(row: MailRow) {
  const parsed = JSON.parse(row.parsed) as ParsedMail;
  const envelope = JSON.parse(row.envelope) as Envelope;
  const own = Object.entries(JSON.parse(row.tags) as Record<string, string>).map(
    ([name, value]) => [name, [value]] as const,
  );
  const automatic = {
    'ses:operation': [row.operation],
    'ses:source-ip': ['127.0.0.1'],
    'ses:from-domain': [envelope.from.slice(envelope.from.lastIndexOf('@') + 1)],
    ...(row.configuration_set === null ? {} : { 'ses:configuration-set': [row.configuration_set] }),
  };
  const tags = { ...automatic, ...Object.fromEntries(own) };
  return {
    messageId: row.message_id,
    at: row.at,
    from: parsed.from || envelope.from,
    destination: envelope.to,
    headers: parsed.headers,
    to: parsed.to,
    tags,
  };
}

/** Tags of the call, or of the header `X-SES-MESSAGE-TAGS: name=value, name=value`. */
function messageTags(form: URLSearchParams, parsed: ParsedMail): Record<string, string> {
  const names = memberValues(form, 'Tags', '.Name');
  const values = memberValues(form, 'Tags', '.Value');
  const header = headerValue(parsed.headers, 'x-ses-message-tags') ?? '';
  const fromHeader = [...header.matchAll(/([\w.@-]+)\s*=\s*([\w.@-]+)/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  return Object.fromEntries([...fromHeader, ...names.map((name, index) => [name, values[index] ?? ''] as const)]);
}

/** `bounce+label@simulator.amazonses.com` → `bounce` */
function simulatorName(address: string): string | undefined {
  return /^([\w-]+)(?:\+[^@]*)?@simulator\.amazonses\.com$/i.exec(address)?.[1]?.toLowerCase();
}

function bareAddress(address: string): string {
  return parseAddresses(address)[0] ?? address.trim();
}

function checkRecipients(to: readonly string[]): void {
  if (to.length === 0) throw new QueryError('InvalidParameterValue', 'The message has no destinations.');
  if (to.length > maximumRecipients)
    throw new QueryError('MessageRejected', `Recipient count exceeds ${maximumRecipients}.`);
  for (const address of to) {
    const [local = '', domain, ...more] = address.split(/@(?=[^@]*$)/);
    if (!domain || more.length > 0) throw new QueryError('InvalidParameterValue', "Missing final '@domain'");
    if (!/^[!-~]+$/.test(local))
      throw new QueryError('InvalidParameterValue', 'Local address contains control or whitespace');
    if (!/^[a-z0-9.[\]:-]+$/i.test(domain))
      throw new QueryError('InvalidParameterValue', 'Domain contains illegal character');
  }
}

function prepare(store: Store) {
  return {
    insert: store.statement(
      'insert into mail (message_id, at, configuration_set, operation, envelope, tags, raw, parsed) values (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    newest: store.statement<MailRow>('select * from mail order by id desc limit ?'),
    one: store.statement<MailRow>('select * from mail where message_id = ?'),
    clear: store.statement('delete from mail'),
    sentSince: store.statement<{ count: number }>('select count(*) as count from mail where at >= ?'),
  };
}
