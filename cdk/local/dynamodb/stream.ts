import { keyPart } from './key.ts';
import { type StreamView, streamArn, type TableDefinition } from './table-definition.ts';
import type { StreamRow } from './table-store.ts';
import { type Item, itemSize } from './value.ts';

/** A record as Lambda receives it from a DynamoDB stream. */
export type StreamRecord = {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamView;
  };
  /** On deletions by time to live only. */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
  readonly eventSourceARN: string;
};

const DIGITS = 20;

/** Sequence numbers of equal length, so that they also sort as texts; '0' stands before all of them. */
export function formatSequence(sequence: number): string {
  return sequence === 0 ? '0' : `1${String(sequence).padStart(DIGITS, '0')}`;
}

export function parseSequence(text: string): number {
  return text.length > DIGITS ? Number(text.slice(1)) : 0;
}

export function toStreamRecord(row: StreamRow, definition: TableDefinition, region: string): StreamRecord {
  const view = definition.stream?.view ?? 'NEW_AND_OLD_IMAGES';
  const keys = keyPart((row.after ?? row.before) as Item, definition.key);
  const showsNew = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES';
  const showsOld = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES';
  const images = {
    ...(showsNew && row.after && { NewImage: row.after }),
    ...(showsOld && row.before && { OldImage: row.before }),
  };
  const sequence = formatSequence(row.sequence);
  return {
    eventID: `${definition.stream?.label ?? ''}-${sequence}`.replace(/[^0-9-]/g, ''),
    eventName: row.before ? (row.after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(row.at / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: sequence,
      SizeBytes: [keys, ...Object.values(images)].reduce((sum, image) => sum + itemSize(image), 0),
      StreamViewType: view,
    },
    ...(row.expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
    eventSourceARN: streamArn(region, definition),
  };
}
