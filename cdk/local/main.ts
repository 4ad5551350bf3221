import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openHome, removeAddresses, runningOn, writeAddresses } from './home.ts';
import { PortTaken } from './host/listen.ts';
import { type LocalSystem, startLocal } from './local-system.ts';
import { type MainOptions, readOptions, usage } from './options.ts';
import { TemplateError } from './template.ts';

/** Lambda's time zone; threads have the process's one. */
process.env.TZ = 'UTC';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(usage);
  const { home, port, reset, verbose } = options;
  const other = await runningOn(home);
  if (other)
    throw new Expected(
      `Tsunagi already runs on ${home}: ${other.apiUrl} (process ${other.pid}). Stop it, or give another folder with --home.`,
    );
  openHome(home, reset);
  removeAddresses(home);
  const dynamodbEndpoint = process.env.DYNAMODB_ENDPOINT;
  const local = await startLocal({
    home,
    port,
    onBuild: () => console.log('Building what would be deployed …'),
    ...(dynamodbEndpoint && { dynamodbEndpoint }),
    report: (line) => console.error(line),
    ...(verbose && { onFunctionError: (line: string) => console.error(line) }),
  });
  stopOnSignals(local, home);
  const file = writeAddresses(home, local);
  if (options.demo) await loadDemo(local);
  console.log(summary(local, file, options));
}

/** The data set is loaded through the product's own HTTP API. */
async function loadDemo(local: LocalSystem): Promise<void> {
  const file = fileURLToPath(new URL('./demo.ts', import.meta.url));
  if (!existsSync(file)) return;
  const { loadDemo: load } = (await import(pathToFileURL(file).href)) as {
    loadDemo: (local: LocalSystem) => Promise<void>;
  };
  await load(local);
}

function stopOnSignals(local: LocalSystem, home: string): void {
  const stop = async () => {
    removeAddresses(home);
    await local.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

const summary = (local: LocalSystem, file: string, { home, port }: MainOptions) => `
Tsunagi runs on this machine.

  API             ${local.apiUrl}
  Forms, pages    ${local.publicUrl}
  Mail, Slack …   ${local.localUrl}
  Portal id       ${local.portalId}
  Access token    ${local.accessToken}
  For scripts     ${relative('', file)}
  Log             ${relative('', home)}/log/functions.log

  curl -H 'Authorization: Bearer ${local.accessToken}' ${local.apiUrl}/crm/v3/objects/contacts

Stop with Ctrl-C; the state stays${port === 0 ? '' : ` and comes back on port ${port}`}.
`;

/** Something that a sentence explains better than a stack trace. */
class Expected extends Error {}

main().catch((error: unknown) => {
  const isPlain =
    error instanceof Expected || error instanceof PortTaken || error instanceof TemplateError || isUsageError(error);
  console.error(isPlain ? error.message : error);
  process.exit(1);
});

function isUsageError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    ('code' in error ? String(error.code).startsWith('ERR_PARSE_ARGS') : error.message.startsWith('--'))
  );
}
