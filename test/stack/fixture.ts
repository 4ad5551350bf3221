import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type SynthesizeOptions, synthesize } from '../../cdk/app.ts';
import type { Tables } from '../../cdk/stacks/tables.ts';
import { operations, workers } from '../../lib/core/operation.ts';

/** Lists that use every capability and every kind of trigger once, whatever the areas hold today. */
export const fixture: Tables = {
  operations: [
    ...Object.values(
      operations('objects', {
        get: {
          route: 'GET /crm/v3/objects/{objectType}/{id}',
          also: ['GET /crm/v3/objects/p/{objectType}/{id}'],
          summary: 'Read a record',
          scope: 'crm.objects.{objectType}.read',
          status: 200,
          uses: ['table:read'],
        },
        batchCreate: {
          route: 'POST /crm/v3/objects/{objectType}/batch/create',
          summary: 'Create records',
          scope: 'crm.objects.{objectType}.write',
          status: 201,
          uses: ['table:read', 'table:write'],
          timeoutSeconds: 20,
          memoryMb: 1024,
        },
      }),
    ),
    ...Object.values(
      operations('pages', {
        form: { route: 'GET /f/{formId}', summary: 'A form', scope: 'public', status: 200, uses: ['table:read'] },
      }),
    ),
  ],
  workers: [
    ...Object.values(
      workers('stream', { publish: { summary: 'Outbox to bus', uses: ['table:read', 'table:write', 'bus:publish'] } }),
    ),
    ...Object.values(
      workers('flows', {
        enroll: { summary: 'Starts runs', uses: ['table:read', 'table:write', 'queue:flow-steps'] },
        step: {
          summary: 'Runs steps',
          uses: ['table:read', 'table:write', 'mail:send', 'secret:slack:read', 'secret:slack:write', 'http:outgoing'],
          timeoutSeconds: 60,
        },
        sweep: { summary: 'Finds what is due', uses: ['table:read', 'queue:flow-steps'] },
      }),
    ),
    ...Object.values(
      workers('account', { seed: { summary: 'Seeds', uses: ['table:write', 'secret:access-token:read'] } }),
    ),
    ...Object.values(workers('gateway', { notFound: { summary: 'Answers unknown paths', uses: [] } })),
    ...Object.values(workers('emails', { settle: { summary: 'What became of mails', uses: ['table:write'] } })),
  ],
  subscriptions: [
    { name: 'record.created to flows/enroll', worker: 'flows/enroll', bus: 'tsunagi', pattern: pattern('record.created') },
    { name: 'form.submitted to flows/enroll', worker: 'flows/enroll', bus: 'tsunagi', pattern: pattern('form.submitted') },
    { name: 'SES to emails/settle', worker: 'emails/settle', bus: 'default', pattern: { source: ['aws.ses'] } },
  ],
  queues: [{ name: 'flow-steps', worker: 'flows/step', batchSize: 10, maxReceiveCount: 12 }],
  schedules: [{ worker: 'flows/sweep', expression: 'rate(1 minute)' }],
  streamReaders: [
    { worker: 'stream/publish', filter: { eventName: ['INSERT'] }, batchSize: 100, maximumRetryAttempts: 20 },
  ],
};

function pattern(type: string) {
  return { source: ['tsunagi'], 'detail-type': [type] };
}

/** A folder that looks like the bundle of these lists, so that no test of the stacks has to bundle. */
export function dummyAssets({ operations, workers }: Pick<Tables, 'operations' | 'workers'>): string {
  const folder = join(scratch(), 'bundle');
  for (const { id } of [...operations, ...workers]) {
    const file = join(folder, `${id}.mjs`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `export const handler = () => '${id}';\n`);
  }
  return folder;
}

export type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
};
export type Located = Resource & { readonly stack: string; readonly logicalId: string };
export type Synthesized = {
  /** Stack name → template. */
  readonly templates: Readonly<Record<string, { readonly Resources: Readonly<Record<string, Resource>> }>>;
  readonly resources: readonly Located[];
  ofType(type: string): readonly Located[];
};

/** Synthesizes these lists with a dummy bundle. */
export function synthesized(tables: Tables, options: SynthesizeOptions = {}): Synthesized {
  const assembly = synthesize({ outdir: join(scratch(), 'cdk.out'), assets: dummyAssets(tables), tables, ...options });
  const templates = Object.fromEntries(assembly.stacks.map((stack) => [stack.stackName, stack.template]));
  const resources = Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.Resources as Record<string, Resource>).map(([logicalId, resource]) => ({ ...resource, stack, logicalId })),
  );
  return { templates, resources, ofType: (type) => resources.filter((resource) => resource.Type === type) };
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-stack-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
