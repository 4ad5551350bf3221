import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock, RuleModel, StackModel } from '../model.ts';
import type { Deliveries, Lane } from './deliveries.ts';
import { matches, validatePattern } from './event-pattern.ts';
import type { Faults } from './faults.ts';
import { type InputShape, shapeInput } from './input-transform.ts';
import type { Store } from './store.ts';
import { WireError } from './wire-error.ts';

/** An event as targets receive it. */
export type BusEvent = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
};

/** A rule whose targets may shape their input; the stack model carries only constant input so far. */
export type Rule = Omit<RuleModel, 'targets'> & {
  readonly targets: readonly (RuleModel['targets'][number] & InputShape)[];
};

const maximumRequestBytes = 262_144;

const Entry = z.object({
  Source: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  Detail: z.optional(z.string()),
  EventBusName: z.optional(z.string()),
  Resources: z.optional(z.array(z.string())),
  /** Seconds since 1970. */
  Time: z.optional(z.number()),
  TraceHeader: z.optional(z.string()),
});
type Entry = z.infer<typeof Entry>;
const PutEvents = z.object({ Entries: z.array(Entry), EndpointId: z.optional(z.string()) });

type BoundRule = {
  readonly rule: Rule;
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly targets: readonly (InputShape & { readonly lane: Lane })[];
};
type Refusal = { readonly ErrorCode: string; readonly ErrorMessage: string };

/** EventBridge: accepted events are stored once for each target of each matching rule before the caller gets his answer. */
export class EventBus {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #faults: Faults;
  readonly #deliveries: Deliveries;
  readonly #place: { readonly account: string; readonly region: string };
  readonly #rules = new Map<string, BoundRule[]>();

  constructor(options: {
    store: Store;
    clock: Clock;
    faults: Faults;
    deliveries: Deliveries;
    rules: readonly Rule[];
    buses: StackModel['buses'];
    account?: string;
    region?: string;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#faults = options.faults;
    this.#deliveries = options.deliveries;
    this.#place = { account: options.account ?? '000000000000', region: options.region ?? 'us-east-1' };
    for (const name of ['default', ...options.buses.map((bus) => bus.name)]) this.#rules.set(name, []);
    for (const rule of options.rules) this.#bind(rule);
  }

  /** One call: `PutEvents` and its parsed body. Throws a `WireError`. */
  execute(action: string, body: unknown): Record<string, unknown> {
    if (action !== 'PutEvents')
      throw new WireError('UnknownOperationException', `The local EventBridge does not offer ${action}.`);
    const request = z.safeParse(PutEvents, body);
    if (!request.success) throw new WireError('SerializationException', z.prettifyError(request.error));
    const entries = request.data.Entries;
    checkSize(entries);
    const results = this.#store.transaction(() => entries.map((entry) => this.#put(entry)));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  /** Puts an event of an AWS service on a bus, as `PutEvents` may not. Returns the event's id. */
  publish(
    busName: string,
    event: { source: string; detailType: string; detail: unknown; resources?: readonly string[]; time?: number },
  ): string {
    const rules = this.#rules.get(busName);
    if (!rules) throw new Error(`There is no event bus ${busName}.`);
    const envelope: BusEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': event.detailType,
      source: event.source,
      ...this.#place,
      time: new Date(event.time ?? this.#clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      resources: event.resources ?? [],
      detail: event.detail,
    };
    this.deliver(busName, envelope);
    return envelope.id;
  }

  /** Hands a complete event to the rules of a bus, as it is. */
  deliver(busName: string, event: BusEvent): void {
    const matching = (this.#rules.get(busName) ?? []).filter(({ pattern }) => matches(pattern, event));
    this.#store.transaction(() => {
      for (const { rule, targets } of matching) {
        for (const target of targets) {
          this.#deliveries.send(
            target.lane,
            shapeInput(target, event, { name: rule.name, arn: this.#ruleArn(rule), now: this.#clock.now() }),
          );
        }
      }
    });
  }

  /** `arn:aws:events:…:event-bus/name`, or the name itself, of a bus of the stack. */
  busName(nameOrArn: string): string | undefined {
    const name = nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
    return this.#rules.has(name) ? name : undefined;
  }

  #bind(rule: Rule): void {
    if (!rule.enabled || !rule.pattern) return;
    const rules = this.#rules.get(rule.busName);
    if (!rules)
      throw new Error(`Rule ${rule.name} is on the event bus ${rule.busName}, which the stack does not have.`);
    validatePattern(rule.pattern);
    const targets = rule.targets.map((target) => ({
      ...target,
      lane: this.#deliveries.lane(`rule ${rule.name}/${target.id}`, target),
    }));
    rules.push({ rule, pattern: rule.pattern, targets });
  }

  #put(entry: Entry): { EventId: string } | Refusal {
    const detail = parseDetail(entry.Detail);
    const refusal = refuse(entry, detail) ?? this.#fault(entry);
    if (refusal) return refusal;
    const bus = this.busName(entry.EventBusName ?? 'default');
    // AWS takes such events and drops them; on localhost the mistake has to show.
    if (bus === undefined)
      return {
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Event bus ${entry.EventBusName} does not exist.`,
      };
    const { Source: source = '', DetailType: detailType = '', Resources: resources = [], Time: time } = entry;
    return {
      EventId: this.publish(bus, {
        source,
        detailType,
        detail,
        resources,
        ...(time === undefined ? {} : { time: time * 1000 }),
      }),
    };
  }

  /** A request may succeed for some entries only; faults on the action `PutEventsEntry` (or on any) show it. */
  #fault(entry: Entry): Refusal | undefined {
    const fault = this.#faults.decide('events', 'PutEventsEntry', entry);
    if (fault?.kind !== 'throttle' && fault?.kind !== 'error') return undefined;
    return fault.kind === 'throttle'
      ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }
      : { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal failure' };
  }

  #ruleArn({ busName, name }: Rule): string {
    const { account, region } = this.#place;
    return `arn:aws:events:${region}:${account}:rule/${busName === 'default' ? '' : `${busName}/`}${name}`;
  }
}

function checkSize(entries: readonly Entry[]): void {
  if (entries.length < 1 || entries.length > 10) {
    const constraint = entries.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 10';
    throw new WireError(
      'ValidationException',
      `1 validation error detected: Value '[${entries.length} entries]' at 'entries' failed to satisfy constraint: Member must have length ${constraint}`,
    );
  }
  const total = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (total > maximumRequestBytes)
    throw new WireError('ValidationException', `Total size of the entries in the request is over the limit.`);
}

/** AWS counts a time as 14 bytes and the texts as UTF-8; names of fields are free. */
function entryBytes({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number {
  return (Time === undefined ? 0 : 14) + Buffer.byteLength(Source + DetailType + Detail + Resources.join(''));
}

function parseDetail(detail: string | undefined): Record<string, unknown> | undefined {
  if (detail === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(detail);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(entry: Entry, detail: Record<string, unknown> | undefined): Refusal | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name]) {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
    }
  }
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  if (entry.Source?.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  return undefined;
}
