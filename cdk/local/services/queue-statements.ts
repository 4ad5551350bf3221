import type { Statement, Store } from './store.ts';

/** A message as it lies in the table: in flight while it has a receipt, waiting or delayed otherwise. */
export type MessageRow = {
  id: number;
  message_id: string;
  body: string;
  attributes: string | null;
  trace_header: string | null;
  sender: string;
  sent_at: number;
  visible_at: number;
  first_received_at: number | null;
  receive_count: number;
  receipt: string | null;
  source_arn: string | null;
  disturbed: number;
};

/** The SQL behind `Queues`; every look-up follows an index. */
export function prepareMessages(store: Store) {
  const run = (sql: string): Statement<never> => store.statement(sql);
  const columns = 'queue, message_id, body, attributes, trace_header, sender, sent_at';
  return {
    insert: run(`insert into message (${columns}, visible_at) values (?, ?, ?, ?, ?, ?, ?, ?)`),
    due: store.statement<MessageRow>(
      'select * from message where queue = ? and visible_at <= ? order by visible_at, id limit ?',
    ),
    next: store.statement<{ visible_at: number | null }>(
      'select min(visible_at) as visible_at from message where queue = ? and visible_at > ?',
    ),
    take: run(
      'update message set visible_at = ?, first_received_at = ?, receipt = ?, receive_count = receive_count + 1 where id = ?',
    ),
    remove: run('delete from message where id = ? and queue = ? and receipt = ?'),
    hide: run('update message set visible_at = ? where id = ? and queue = ? and receipt = ?'),
    release: run(
      'update message set visible_at = ?, receipt = null where id = ? and queue = ? and receipt = ? and visible_at = ?',
    ),
    releaseAll: run('update message set visible_at = ?, receipt = null where receipt is not null'),
    purge: run('delete from message where queue = ?'),
    waiting: store.statement<{ id: number; source_arn: string | null }>(
      'select id, source_arn from message where queue = ? and visible_at <= ? order by id',
    ),
    move: run(
      'update message set queue = ?, visible_at = ?, receive_count = 0, first_received_at = null, receipt = null, source_arn = ? where id = ?',
    ),
    duplicate: run(
      `insert into message (${columns}, visible_at, disturbed) select ${columns}, ?, 1 from message where id = ?`,
    ),
    disturb: run('update message set disturbed = 1, visible_at = ? where id = ?'),
    counts: store.statement<{ visible: number; in_flight: number; delayed: number }>(
      `select coalesce(sum(visible_at <= ?), 0) as visible, coalesce(sum(visible_at > ? and receipt is not null), 0) as in_flight,
        coalesce(sum(visible_at > ? and receipt is null), 0) as delayed from message where queue = ?`,
    ),
    visibleUpTo: store.statement<{ count: number }>(
      'select count(*) as count from (select 1 from message where queue = ? and visible_at <= ? limit ?)',
    ),
    pending: store.statement<{ count: number }>(
      `select (select count(*) from message where queue = ? and visible_at <= ?)
        + (select count(*) from message where queue = ? and visible_at > ? and (receive_count > 0 or disturbed = 1)) as count`,
    ),
  };
}
