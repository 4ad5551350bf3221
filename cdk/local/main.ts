import { relative } from 'node:path';
import { Expected, sentenceFor } from './expected.ts';
import { openHome, removeAddresses, runningOn, writeAddresses } from './home.ts';
import { type LocalSystem, startLocal } from './local-system.ts';
import { type MainOptions, readOptions, usage } from './options.ts';

/** Lambda's time zone; threads have the process's one. */
process.env.TZ = 'UTC';

function main(): void {
  const options = optionsOrExit();
  if (options.help) {
    console.log(usage);
    return;
  }
  const fail = (error: unknown) => exit(error, options.home);
  // What fails later, when a disk is full, ends the process too: every part of the state survives that.
  process.once('uncaughtException', fail);
  start(options).catch(fail);
}

function optionsOrExit(): MainOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    exit(error, '');
  }
}

function exit(error: unknown, home: string): never {
  console.error(sentenceFor(error, home) ?? error);
  process.exit(1);
}

async function start(options: MainOptions): Promise<void> {
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
  if (options.demo) await (await import('./demo.ts')).loadDemo(local);
  // Last, because scripts that wait for the file take it to mean that all they asked for is there.
  const file = writeAddresses(home, local);
  console.log(summary(local, file, options));
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
  Mail to us      ${local.smtpUrl}
  Portal id       ${local.portalId}
  Access token    ${local.accessToken}
  For scripts     ${relative('', file)}
  Log             ${relative('', home)}/log/functions.log

  curl -H 'Authorization: Bearer ${local.accessToken}' ${local.apiUrl}/crm/v3/objects/contacts

Stop with Ctrl-C; the state stays${port === 0 ? '' : ` and comes back on port ${port}`}.
`;

main();
