/** The prefix of everything that carries a name of ours in the account: stacks, functions, queues, the bus. */
export const product = 'tsunagi';

/** `objects/batch-create` as a construct id: `ObjectsBatchCreate`. */
export const pascal = (id: string) =>
  id
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The area (folder of `functions/`) that an id belongs to. */
export const areaOf = (id: string) => id.slice(0, id.indexOf('/'));
