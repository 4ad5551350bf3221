import { resolve } from 'node:path';
import { Annotations, App, type StackProps, Validations } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod/mini';
import type { FrontDomain } from './constructs/front.ts';
import { areaOf, product } from './constructs/names.ts';
import { AreaStack } from './stacks/area-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { HttpStack } from './stacks/http-stack.ts';
import { type Tables, timeoutOf, tsunagi, workerOf } from './stacks/tables.ts';

/** So that templates can be made before anything is decided. */
const exampleDomain = 'tsunagi.example';

/** Settings of an installation: `-c name=value` of the CDK CLI, or the `options` of `synthesize`. */
const Settings = z.object({
  portalId: z._default(z.coerce.number().check(z.int(), z.positive()), 24601001),
  mailDomain: z._default(z.string().check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)), exampleDomain),
  /** Where mail comes in; default: `mailDomain`. */
  inboundDomain: z.optional(z.string().check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/))),
  /** Who hears of alarms. */
  alarmEmail: z.optional(z.email()),
  /** The first user, made when the installation is new. */
  adminEmail: z.optional(z.email()),
  /** Where the public API is reached when it has a domain of its own: links in mails begin with it. */
  publicUrl: z.optional(z.url().check(z.regex(/^https?:\/\/[^/?#]+$/))),
  /** The installation's own name for the token APIs, with its certificate in us-east-1; without it they have one of cloudfront.net. */
  apiDomain: z.optional(z.string().check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/))),
  apiCertificate: z.optional(z.string().check(z.regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]+$/))),
  /**
   * Whether HubSpot's dated paths have routes of their own, or are sent on to the undated ones, for accounts in which the routes per API
   * do not suffice.
   */
  datedPaths: z._default(z.enum(['route', 'redirect']), 'route'),
  /** Whether functions may call private addresses that users configure (Slack, webhooks): only localhost says `allow`. */
  localAddresses: z._default(z.enum(['allow', 'refuse']), 'refuse'),
});
export type Settings = z.input<typeof Settings>;

export interface SynthesizeOptions extends Settings {
  /** Where the templates go; default `CDK_OUTDIR` (which the CDK CLI sets), else `dist/cdk.out`. */
  readonly outdir?: string;
  /** The folder that `cdk/bundle.ts` wrote; default `dist/bundle`. */
  readonly assets?: string;
  /** Checks templates against CloudFormation's schemas and cdk-nag's rules. Only localhost, which must start fast, says false. */
  readonly validate?: boolean;
  /** Other lists than Tsunagi's own, for tests. */
  readonly tables?: Tables;
}

/** Writes the templates of all stacks. Throws when a template or a nag rule is violated. */
export function synthesize(options: SynthesizeOptions = {}): CloudAssembly {
  return createApp(options).synth();
}

/** The CDK app with every stack, not synthesized yet. */
export function createApp({ outdir, assets, validate = true, tables = tsunagi, ...options }: SynthesizeOptions): App {
  const app = new App({
    outdir: outdir ?? process.env.CDK_OUTDIR ?? 'dist/cdk.out',
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: validate,
    context: {
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/core:defaultCrossStackReferences': 'strong',
      // Localhost reads the bundle's folder from this metadata.
      'aws:cdk:enable-asset-metadata': true,
    },
  });
  if (validate) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  addStacks(app, { settings: settingsOf(app, options), tables, assets: resolve(assets ?? 'dist/bundle') });
  return app;
}

interface Parts {
  readonly settings: z.output<typeof Settings>;
  readonly tables: Tables;
  readonly assets: string;
}

function addStacks(app: App, { settings, tables, assets }: Parts): void {
  for (const { worker } of [...tables.subscriptions, ...tables.queues, ...tables.schedules, ...tables.streamReaders]) {
    workerOf(tables, worker);
  }
  const data = new DataStack(app, `${product}-data`, {
    ...described('the table, the bus, queues, secrets and the mail domain'),
    ...settings,
    queues: tables.queues,
    timeoutOf: (worker) => timeoutOf(workerOf(tables, worker)),
  });
  checkForDeployment(data, settings);
  const { apis, apiHost, publicUrl } = new HttpStack(app, `${product}-http`, {
    ...described('the HTTP APIs and the address in front of them'),
    alarmTopic: data.platform.alarmTopic,
    apiDomain: apiDomainOf(settings),
  });
  const platform = {
    ...data.platform,
    apiHost,
    publicUrl: settings.publicUrl ?? publicUrl,
    datedPaths: settings.datedPaths,
  };
  for (const area of areasOf(tables)) {
    new AreaStack(app, `${product}-${area}`, {
      ...described(`functions of ${area}`),
      operations: tables.operations.filter(({ id }) => areaOf(id) === area),
      workers: tables.workers.filter(({ id }) => areaOf(id) === area),
      tables,
      apis,
      platform,
      assets,
    });
  }
}

function apiDomainOf({ apiDomain, apiCertificate }: Parts['settings']): FrontDomain | undefined {
  if (!apiDomain && !apiCertificate) return undefined;
  if (!apiDomain || !apiCertificate) throw new Error('apiDomain and apiCertificate are given together');
  return { name: apiDomain, certificateArn: apiCertificate };
}

/**
 * Templates may be made of defaults, but the CDK CLI, which sets this variable, must not deploy them: a deployment that forgot the
 * domain would replace the one that is verified.
 */
function checkForDeployment(data: DataStack, { mailDomain, alarmEmail }: Parts['settings']): void {
  if (process.env.CDK_OUTDIR === undefined) return;
  const annotations = Annotations.of(data);
  if (mailDomain === exampleDomain)
    annotations.addError('Which domain does mail come from? Give it with -c mailDomain=…, at each deployment');
  if (alarmEmail === undefined)
    annotations.addWarningV2('tsunagi:alarms', 'Nobody hears of alarms: see -c alarmEmail=…');
}

const described = (content: string): StackProps => ({ description: `Tsunagi: ${content}` });

const areasOf = ({ operations, workers }: Tables) =>
  [...new Set([...operations, ...workers].map(({ id }) => areaOf(id)))].sort();

function settingsOf(app: App, options: Settings): z.output<typeof Settings> {
  const given = Object.fromEntries(
    Object.keys(Settings.shape).map((name) => [name, options[name as keyof Settings] ?? app.node.tryGetContext(name)]),
  );
  return Settings.parse(given);
}

if (import.meta.main) {
  for (const stack of synthesize().stacks) {
    console.log(`${stack.stackName}: ${Object.keys(stack.template.Resources).length} resources`);
  }
}
