import type { Key } from './keys.ts';
import type { Item } from './write.ts';

/** The effect was made before (by an earlier delivery of the same message): nothing was written now. */
export class AlreadyDone extends Error {
  override readonly name = 'AlreadyDone';
  /** The mark that the first time left, e.g. with the id of the record that it made. */
  readonly mark: Item;

  constructor(mark: Item) {
    super('The effect was made before');
    this.mark = mark;
  }
}

/** A condition that the caller added to a change did not hold (a flow was switched off, a definition changed). */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';
}

/** A mark that makes an effect happen once: written with the effect, under the condition that it is not there. */
export type Mark = Key & Item;
