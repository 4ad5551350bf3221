import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Expected } from '../expected.ts';

/** More than anybody behind it takes, so that each can refuse what is too long in its own words. */
const largestHead = 64 * 1024;

export type Serve = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A listener on this machine's own addresses only. */
export type Listener = { readonly port: number; close(): Promise<void> };

/** The port is not free; the message is a sentence for the person who started the system. */
class PortTaken extends Expected {
  override readonly name = 'PortTaken';
}

/**
 * Serves on 127.0.0.1, and on ::1 where this machine has it, because a browser may take `localhost` for either. Port 0 takes a free one.
 * @throws PortTaken
 */
export async function listen(serve: Serve, port: number, report: (line: string) => void): Promise<Listener> {
  const first = await open(serve, '127.0.0.1', port, report);
  const chosen = (first.address() as AddressInfo).port;
  const second = await open(serve, '::1', chosen, report).catch(async (error: unknown) => {
    // Without IPv6 one address is enough. Somebody else's server on ::1 would answer in our place half of the time.
    if (!(error instanceof PortTaken)) return undefined;
    await close(first);
    if (port !== 0) throw error;
    return 'again' as const;
  });
  if (second === 'again') return listen(serve, 0, report);
  const servers = second ? [first, second] : [first];
  return { port: chosen, close: async () => void (await Promise.all(servers.map(close))) };
}

function open(serve: Serve, host: string, port: number, report: (line: string) => void): Promise<Server> {
  const server = createServer({ noDelay: true, maxHeaderSize: largestHead }, (message, response) => {
    serve(message, response).catch((error: unknown) => {
      if (!message.complete || response.destroyed) return;
      report(`${message.method} ${message.url}: ${error instanceof Error ? error.stack : String(error)}`);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'Internal Server Error' }));
    });
  });
  // Idle connections stay: a client that reuses one must never meet the moment in which it is closed.
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new PortTaken(`Port ${port} is taken by another program: give another one with --port.`)
          : error,
      );
    });
    server.listen(port, host, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
