import type { Serve } from './listen.ts';

/** Holds a port from the first moment and lets requests wait until there is something to serve them. */
export class LateServer {
  private opened: Serve | undefined;
  private openWith: (serve: Serve) => void = () => undefined;
  private readonly ready = new Promise<Serve>((resolve) => {
    this.openWith = resolve;
  });

  readonly serve: Serve = async (message, response) => {
    const serve = this.opened ?? (await this.ready);
    return serve(message, response);
  };

  /** Lets the waiting requests, and all that follow, in. */
  open(serve: Serve): void {
    this.opened = serve;
    this.openWith(serve);
  }
}
