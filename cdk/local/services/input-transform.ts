import type { BusEvent } from './event-bus.ts';

/** What a target gets instead of the whole event. At most one is set. */
export type InputShape = {
  readonly input?: string;
  readonly inputPath?: string;
  readonly inputTransformer?: {
    readonly inputPathsMap?: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
  };
};

/** The JSON text that a target receives for an event. */
export function shapeInput(
  shape: InputShape,
  event: BusEvent,
  rule: { name: string; arn: string; now: number },
): string {
  if (shape.input !== undefined) return shape.input;
  if (shape.inputPath !== undefined) return JSON.stringify(valueAt(event, shape.inputPath) ?? null);
  if (!shape.inputTransformer) return JSON.stringify(event);
  const { inputPathsMap = {}, inputTemplate } = shape.inputTransformer;
  const values: Record<string, unknown> = {
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': new Date(rule.now).toISOString(),
    'aws.events.event': withoutDetail(event),
    'aws.events.event.json': event,
  };
  for (const [name, path] of Object.entries(inputPathsMap)) values[name] = valueAt(event, path);
  return fill(inputTemplate, values);
}

/** Inside a string literal of the template a value is inserted as text, elsewhere as JSON. */
function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  let quoted = false;
  return template.replaceAll(/\\.|"|<([\w.-]+)>/g, (found, name: string | undefined) => {
    if (name === undefined) {
      if (found === '"') quoted = !quoted;
      return found;
    }
    const value = values[name];
    if (!quoted) return JSON.stringify(value ?? '');
    return typeof value === 'string'
      ? JSON.stringify(value).slice(1, -1)
      : value === undefined
        ? ''
        : JSON.stringify(JSON.stringify(value)).slice(1, -1);
  });
}

/** `$.detail.items[0].name` */
function valueAt(event: BusEvent, path: string): unknown {
  let value: unknown = event;
  for (const [, name, index] of path.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)) {
    const key = name ?? index;
    if (key === undefined || typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([entry]) => entry === key)?.[1];
  }
  return value;
}

function withoutDetail({ detail: _, ...rest }: BusEvent): Omit<BusEvent, 'detail'> {
  return rest;
}
