import type { StreamedEvent } from '../stream/event-record.ts';
import type { Key } from '../table/keys.ts';

/** A number of a read model that an event changes. Changes of one batch to one number are added up. */
export type CounterChange = { readonly key: Key; readonly attribute: string; readonly by: number };

/** A read model: which numbers an event changes. Pure; an event of no interest changes nothing. */
export type Projection = (event: Pick<StreamedEvent, 'type' | 'detail'>) => readonly CounterChange[];
