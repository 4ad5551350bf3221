import { Context, type Emitter, Liquid, Output, type Template, TypeGuards, toValueSync } from 'liquidjs';
import { honorific, japaneseDay, japaneseEra, japaneseTime, yen } from './japanese.ts';
import { ownSpelling } from './spelling.ts';

/** Values are escaped in HTML; subjects and text parts take them as they are. */
export type TemplateKind = 'html' | 'text';

/** UTF-16 units. A mail over 102 KB is cut by Gmail; what is longer than this is a mistake. */
export const longestTemplate = 250_000;
/** Units of a part of a mail after its tokens have got their values. */
const longestOutput = 512 * 1024;
/** A usual mail takes a millisecond or two. */
const longestRenderMs = 1000;
/** Objects and letters that loops and filters may make. */
const mostMemory = 2_000_000;

/** Tags that would read files, or that hide outputs from the check of tokens. */
const refusedTags = [
  'include',
  'render',
  'layout',
  'block',
  'liquid',
  'echo',
  'tablerow',
  'cycle',
  'increment',
  'decrement',
];

function engineFor(kind: TemplateKind): Liquid {
  const engine = new Liquid({
    ...(kind === 'html' && { outputEscape: 'escape' as const }),
    // Nothing is read by name: neither files nor other templates.
    templates: {},
    strictFilters: true,
    ownPropertyOnly: true,
    timezoneOffset: -540,
    locale: 'ja-JP',
    dateFormat: '%Y/%m/%d',
    parseLimit: longestTemplate + 1,
    renderLimit: longestRenderMs,
    memoryLimit: mostMemory,
  });
  for (const tag of refusedTags) delete engine.tags[tag];
  engine.registerFilter('honorific', honorific);
  engine.registerFilter('jp_date', japaneseDay);
  engine.registerFilter('jp_datetime', japaneseTime);
  engine.registerFilter('jp_era', japaneseEra);
  engine.registerFilter('yen', yen);
  return engine;
}

const engines: Partial<Record<TemplateKind, Liquid>> = {};
export const engineOf = (kind: TemplateKind): Liquid => {
  engines[kind] ??= engineFor(kind);
  return engines[kind];
};

/** Notes what was printed without a value. */
class NotingContext extends Context {
  readonly missing = new Set<string>();
}

/** A template ends here, whatever its loops still have to say. */
class BoundedEmitter implements Emitter {
  buffer = '';
  write(html: unknown) {
    this.buffer += typeof html === 'string' ? html : textOf(html);
    if (this.buffer.length > longestOutput) throw new Error(`output is longer than ${longestOutput} characters`);
  }
}

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** Filters that give something for nothing. */
const fallbacks = new Set(['default', 'honorific']);

/** An output of a variable as written, `contact.firstname`; nothing for literals and ranges. */
export type Printed = { readonly output: Output; readonly path: string; readonly hasDefault: boolean };

export function printedBy(templates: readonly Template[]): Printed[] {
  return templates.flatMap((template) => {
    if (template instanceof Output) return printedOf(template);
    const children = template.children ? toValueSync(template.children(false, true)) : [];
    return printedBy(children as Template[]);
  });
}

function printedOf(output: Output): Printed[] {
  const [token, ...rest] = output.value.initial.postfix;
  if (!token || rest.length > 0 || !TypeGuards.isPropertyAccessToken(token)) return [];
  return [{ output, path: token.getText(), hasDefault: output.value.filters.some(({ name }) => fallbacks.has(name)) }];
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

/** Makes an output without a default note that it had no value. */
function noteMissing({ output, path }: Printed): void {
  const render = output.render.bind(output);
  output.render = function* (context: Context, emitter: Emitter): IterableIterator<unknown> {
    const value = yield output.value.initial.evaluate(context, true);
    if (isEmpty(value) && context instanceof NotingContext) context.missing.add(path);
    yield render(context, emitter);
  };
}

/** A bulk mail renders the same few templates for everybody. */
const mostKept = 40;
const kept = new Map<string, Template[]>();

/** The parsed template, whose outputs note what they miss. @throws Error with the place, when it is no template */
export function parsed(template: string, kind: TemplateKind): Template[] {
  const key = `${kind}\n${template}`;
  const known = kept.get(key);
  if (known) return known;
  const templates = engineOf(kind).parse(ownSpelling(template));
  for (const printed of printedBy(templates)) if (!printed.hasDefault) noteMissing(printed);
  const [oldest] = kept.keys();
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
  kept.set(key, templates);
  return templates;
}

/** @throws Error when it takes too long or makes too much */
export function run(templates: Template[], scope: object, kind: TemplateKind): { text: string; missing: string[] } {
  const engine = engineOf(kind);
  const context = new NotingContext(scope, engine.options, { sync: true }, { liquid: engine });
  const emitter = new BoundedEmitter();
  toValueSync(engine.renderer.renderTemplates(templates, context, emitter));
  return { text: emitter.buffer, missing: [...context.missing] };
}
