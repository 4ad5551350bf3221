import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Expected } from './expected.ts';

/** What `npm start --` takes. */
export type MainOptions = {
  readonly port: number;
  readonly home: string;
  /** Load the demo data set. */
  readonly demo: boolean;
  /** Forget all state first. */
  readonly reset: boolean;
  /** Show what functions print as errors. */
  readonly verbose: boolean;
  readonly help: boolean;
};

export const usage = `npm start -- [--port N] [--home DIR] [--demo] [--reset] [--verbose]
  --port N     the port on localhost (default 3000)
  --home DIR   the folder that keeps the state (default .tsunagi)
  --demo       load a small, believable data set
  --reset      forget the state in the folder first
  --verbose    print what functions log as errors (all of it is in DIR/log/functions.log)
  DYNAMODB_ENDPOINT=http://…  use another DynamoDB instead of the embedded one`;

/** @throws Expected for a port that is none, and parseArgs' own error for an option that does not exist. */
export function readOptions(args: readonly string[]): MainOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '3000' },
      home: { type: 'string', default: '.tsunagi' },
      demo: { type: 'boolean', default: false },
      reset: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Expected(`--port takes a number from 0 to 65535, not ${values.port}.`);
  return { ...values, port, home: resolve(values.home) };
}
