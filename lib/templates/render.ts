import { LiquidError } from 'liquidjs';
import { engineOf, longestTemplate, parsed, printedBy, run, type TemplateKind } from './engine.ts';

/**
 * What tokens are filled from: `contact`, `company`, `deal`, `owner` (values by property), `sender`, `links`, `now`, and whatever else a mail is
 * about.
 */
export type TemplateFacts = Readonly<Record<string, unknown>>;

/** A variable that a template reads; `hasDefault` when no place prints it without a default. */
export type Token = { readonly path: string; readonly hasDefault: boolean };

/** A template that cannot be read, or does not end: what is wrong, with its line. */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem';
}

/** Every token of a template, each once. @throws TemplateProblem */
export function tokensIn(template: string): readonly Token[] {
  return attempt(() => {
    const templates = parsed(template, 'text');
    const bare = new Set(printedBy(templates).flatMap(({ path, hasDefault }) => (hasDefault ? [] : [path])));
    const { globals } = engineOf('text').analyzeSync(templates, { partials: false });
    const paths = new Set(Object.values(globals).flatMap((uses) => uses.map(String)));
    return [...paths].map((path) => ({ path, hasDefault: !bare.has(path) }));
  });
}

/**
 * The template with the values of its tokens: escaped when `kind` is `html`, as they are in a text. `missing` are the tokens that were
 * printed without a value and without a default. Ends after a second, and at 512 KB. @throws TemplateProblem
 */
export async function renderTemplate(
  template: string,
  facts: TemplateFacts,
  kind: TemplateKind = 'text',
): Promise<{ text: string; missing: string[] }> {
  return attempt(() => run(parsed(template, kind), scopeOf(facts), kind));
}

type Links = Readonly<Record<string, string | undefined>>;

/** The names under which HubSpot's templates know links and the sender. */
function scopeOf(facts: TemplateFacts): object {
  const links = (facts.links ?? {}) as Links;
  const sender = (facts.sender ?? {}) as Links;
  return {
    ...facts,
    unsubscribe_link: links.unsubscribe,
    unsubscribe_link_all: links.unsubscribe,
    preferences_link: links.preferences,
    view_link: links.view,
    view_as_page_url: links.view,
    site_settings: { company_name: sender.name, company_street_address_1: sender.address },
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new TemplateProblem(problemOf(error));
  }
}

function problemOf(error: unknown): string {
  if (error instanceof RangeError) return 'the template makes too much, or is nested too deeply';
  if (!(error instanceof Error)) return 'the template cannot be rendered';
  if (/parse length limit/.test(error.message)) return `the template is longer than ${longestTemplate} characters`;
  return LiquidError.is(error) ? (error.message.split('\n')[0] ?? '') : error.message;
}
