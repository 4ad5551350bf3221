/**
 * Run as its own process and killed by the restart test: puts numbered events on the bus and reads a stream, and writes
 * a line to the log for everything that was acknowledged or handled. With `drain` it only finishes what is left.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { FakeFunctions, FakeStream, functionArn, given, queue, queueArn, source } from './harness.ts';

const [file = '', log = '', mode = 'work'] = process.argv.slice(2);
const write = (line: string) => appendFileSync(log, `${line}\n`);
const written = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];

type Payload = { detail?: { n: number }; Records?: { body?: string; dynamodb?: { NewImage: { n: number } } }[] };

const functions = new FakeFunctions();
functions.answer = async ({ detail, Records = [] }: Payload) => {
  await new Promise(setImmediate);
  if (detail) write(`function ${detail.n}`);
  for (const { body, dynamodb } of Records) {
    if (dynamodb) write(`stream ${dynamodb.NewImage.n}`);
    if (body !== undefined) write(`queue ${(JSON.parse(body) as { detail: { n: number } }).detail.n}`);
  }
  return {};
};

const stream = new FakeStream();
stream.append(...Array.from({ length: 2000 }, (_, n) => ({ n })));

const { services } = given(
  {
    queues: [queue('work')],
    rules: [
      {
        name: 'all',
        busName: 'default',
        enabled: true,
        pattern: { source: ['test'] },
        targets: [
          { id: 'q', arn: queueArn('work') },
          { id: 'f', arn: functionArn('other') },
        ],
      },
    ],
    eventSources: [
      source({ id: 'queue', source: { kind: 'queue', queueArn: queueArn('work') } }),
      source({ id: 'stream', source: { kind: 'stream', tableName: 'crm' }, batchSize: 3 }),
    ],
  },
  { file, functions, stream },
);
services.start(stream);

if (mode === 'drain') {
  await services.settled();
  await services.stop();
} else {
  for (let n = written.filter((line) => line.startsWith('ack ')).length; ; n += 1) {
    services.bus.execute('PutEvents', {
      Entries: [{ Source: 'test', DetailType: 'numbered', Detail: JSON.stringify({ n }) }],
    });
    write(`ack ${n}`);
    await new Promise(setImmediate);
  }
}
