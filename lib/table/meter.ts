import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';

/** Adds up what one request cost, from DynamoDB's own ConsumedCapacity (response header `x-tsunagi-cost`). */
export class Meter {
  calls = 0;
  rru = 0;
  wru = 0;

  read(capacity: ConsumedCapacity | readonly ConsumedCapacity[] | undefined): void {
    this.calls += 1;
    for (const each of [capacity ?? []].flat()) this.rru += each.CapacityUnits ?? 0;
  }

  write(capacity: ConsumedCapacity | readonly ConsumedCapacity[] | undefined): void {
    this.calls += 1;
    for (const each of [capacity ?? []].flat()) this.wru += each.CapacityUnits ?? 0;
  }

  toString(): string {
    return `calls=${this.calls};rru=${this.rru};wru=${this.wru}`;
  }
}
