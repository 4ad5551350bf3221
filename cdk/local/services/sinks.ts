import type { Clock } from '../model.ts';
import type { Store } from './store.ts';
import type { WireResponse } from './wire-error.ts';

export type SinkName = 'slack' | 'webhooks';

/** Something that arrived at a sink. */
export type SinkPost = {
  readonly id: number;
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body, when it is JSON. */
  readonly json?: unknown;
  /** How often it was posted: more than once only at Slack, for posts that say they are the same. */
  readonly attempts: number;
};

type PostRow = { id: number; at: number; headers: string; body: string; attempts: number };

/** Where Slack posts and webhooks end up on localhost. */
export class Sinks {
  readonly #clock: Clock;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(options: { store: Store; clock: Clock }) {
    this.#clock = options.clock;
    this.#sql = prepare(options.store);
  }

  /** Keeps a post and says what to answer. Slack refuses what is no message, and knows a repeated `client_msg_id`. */
  post(sink: SinkName, request: { headers: Readonly<Record<string, string>>; body: string }): WireResponse {
    const message = sink === 'slack' ? slackMessage(request.body) : {};
    if (!message) return plain(400, 'invalid_payload');
    const messageId = typeof message.client_msg_id === 'string' ? message.client_msg_id : null;
    this.#sql.insert.run(sink, this.#clock.now(), JSON.stringify(request.headers), request.body, messageId);
    return plain(200, 'ok');
  }

  /** Newest first. */
  posts(sink: SinkName, options: { limit?: number } = {}): SinkPost[] {
    return this.#sql.newest.all(sink, options.limit ?? -1).map(({ id, at, headers, body, attempts }) => {
      const json = parseJson(body);
      return {
        id,
        at: new Date(at).toISOString(),
        headers: JSON.parse(headers) as Record<string, string>,
        body,
        ...(json === undefined ? {} : { json }),
        attempts,
      };
    });
  }

  clear(sink: SinkName): void {
    this.#sql.clear.run(sink);
  }
}

/** Slack takes JSON, or a form whose `payload` is JSON, with a text, blocks or attachments. */
function slackMessage(body: string): Record<string, unknown> | undefined {
  const message = parseJson(body) ?? parseJson(new URLSearchParams(body).get('payload') ?? '');
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined;
  const fields: Record<string, unknown> = { ...message };
  const hasText = typeof fields.text === 'string' && fields.text !== '';
  const hasBlocks = [fields.blocks, fields.attachments].some((list) => Array.isArray(list) && list.length > 0);
  return hasText || hasBlocks ? fields : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function plain(statusCode: number, body: string): WireResponse {
  return { statusCode, headers: { 'content-type': 'text/plain' }, body };
}

function prepare(store: Store) {
  return {
    insert: store.statement(
      `insert into sink_post (sink, at, headers, body, client_msg_id) values (?, ?, ?, ?, ?)
        on conflict (sink, client_msg_id) where client_msg_id is not null do update set attempts = attempts + 1`,
    ),
    newest: store.statement<PostRow>(
      'select id, at, headers, body, attempts from sink_post where sink = ? order by id desc limit ?',
    ),
    clear: store.statement('delete from sink_post where sink = ?'),
  };
}
