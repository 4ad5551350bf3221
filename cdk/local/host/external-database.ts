import { setTimeout as pause } from 'node:timers/promises';
import { DynamoError } from '../dynamodb/errors.ts';
import type { StreamRecord } from '../services/stream-poller.ts';
import type { Database } from './database.ts';
import { signedHeaders } from './sign.ts';

type Body = Record<string, unknown>;
type Shard = { readonly id: string; iterator: string | undefined };

/** How long the reader of streams rests when nothing came. */
const restMs = 100;
/** A real DynamoDB keeps stream records for a day; the newest ones are enough for readers that are minutes behind. */
const keptRecords = 100_000;

/** Another DynamoDB (DynamoDB Local, or a table in the cloud) in place of the embedded engine, its streams read ahead into memory. */
export class ExternalDatabase implements Database {
  private readonly endpoint: string;
  private readonly region: string;
  private readonly report: (line: string) => void;
  private readonly listeners = new Set<(table: string) => void>();
  private readonly records = new Map<string, StreamRecord[]>();
  private readonly pumps: Promise<void>[] = [];
  private isClosed = false;

  constructor(options: {
    endpoint: string;
    region: string;
    tables: readonly string[];
    report: (line: string) => void;
  }) {
    this.endpoint = options.endpoint;
    this.region = options.region;
    this.report = options.report;
    for (const table of options.tables) this.records.set(table, []);
  }

  execute(action: string, body: Body): Promise<Body> {
    return this.call(`DynamoDB_20120810.${action}`, body);
  }

  readStream(table: string, { after = '0', limit }: { after?: string; limit: number }): readonly StreamRecord[] {
    const records = this.records.get(table) ?? [];
    const start = records.findIndex(({ dynamodb }) => isLater(dynamodb.SequenceNumber, after));
    return start === -1 ? [] : records.slice(start, start + limit);
  }

  latestSequence(table: string): string {
    return this.records.get(table)?.at(-1)?.dynamodb.SequenceNumber ?? '0';
  }

  onStream(listener: (table: string) => void): () => void {
    this.listeners.add(listener);
    if (this.pumps.length === 0) for (const table of this.records.keys()) this.pumps.push(this.pump(table));
    return () => this.listeners.delete(listener);
  }

  /** The other DynamoDB deletes by its own clock. */
  sweepExpired(): void {}

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.pumps);
  }

  private async pump(table: string): Promise<void> {
    const shards = new Map<string, Shard>();
    while (!this.isClosed) {
      try {
        if ((await this.readShards(table, shards)) === 0) await pause(restMs);
      } catch (error) {
        this.report(`stream of ${table}: ${error instanceof Error ? error.message : String(error)}`);
        await pause(10 * restMs);
      }
    }
  }

  private async readShards(table: string, shards: Map<string, Shard>): Promise<number> {
    const { Table } = (await this.execute('DescribeTable', { TableName: table })) as {
      Table: { LatestStreamArn: string };
    };
    const StreamArn = Table.LatestStreamArn;
    const { StreamDescription } = (await this.streams('DescribeStream', { StreamArn })) as {
      StreamDescription: { Shards: { ShardId: string }[] };
    };
    let count = 0;
    for (const { ShardId } of StreamDescription.Shards) {
      const shard = shards.get(ShardId) ?? { id: ShardId, iterator: await this.iterator(StreamArn, ShardId) };
      shards.set(ShardId, shard);
      count += await this.readShard(table, StreamArn, shard);
    }
    return count;
  }

  private async iterator(StreamArn: string, ShardId: string): Promise<string | undefined> {
    const { ShardIterator } = await this.streams('GetShardIterator', {
      StreamArn,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    return ShardIterator as string | undefined;
  }

  private async readShard(table: string, eventSourceARN: string, shard: Shard): Promise<number> {
    if (!shard.iterator) return 0;
    const answer = await this.streams('GetRecords', { ShardIterator: shard.iterator, Limit: 1000 });
    shard.iterator = answer.NextShardIterator as string | undefined;
    const news = ((answer.Records as Body[] | undefined) ?? []).map((record) => lambdaRecord(record, eventSourceARN));
    if (news.length === 0) return 0;
    const all = [...(this.records.get(table) ?? []), ...news].sort((a, b) =>
      isLater(a.dynamodb.SequenceNumber, b.dynamodb.SequenceNumber) ? 1 : -1,
    );
    this.records.set(table, all.slice(-keptRecords));
    for (const listener of this.listeners) listener(table);
    return news.length;
  }

  private streams(action: string, body: Body): Promise<Body> {
    return this.call(`DynamoDBStreams_20120810.${action}`, body);
  }

  private async call(target: string, body: Body): Promise<Body> {
    const text = JSON.stringify(body);
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: signedHeaders({ endpoint: this.endpoint, region: this.region, target, body: text }),
      body: text,
    });
    const answer = (await response.json()) as Body;
    if (response.ok) return answer;
    const { __type = 'InternalServerError', message, Message, ...details } = answer;
    throw new DynamoError(
      String(__type).split('#').at(-1) ?? '',
      String(message ?? Message ?? ''),
      details,
      response.status,
    );
  }
}

/** Sequence numbers are decimal and may be longer than a number holds. */
const isLater = (a: string, b: string) => a.length > b.length || (a.length === b.length && a > b);

/** As Lambda hands records on: DynamoDB Local differs in the region's name and in what it calls a deletion by TTL. */
function lambdaRecord(record: Body, eventSourceARN: string): StreamRecord {
  const known = ['INSERT', 'MODIFY', 'REMOVE'].includes(String(record.eventName));
  return {
    ...record,
    eventName: known ? record.eventName : 'REMOVE',
    awsRegion: 'ap-northeast-1',
    eventSource: 'aws:dynamodb',
    eventSourceARN,
  } as unknown as StreamRecord;
}
