/// <reference lib="dom" />
import type { Sender } from './sender.ts';

const longest = 2000;

export type Pages = {
  /** Tells of the page that is shown. */
  readonly view: () => void;
  readonly setPath: (to: string) => void;
  readonly setReferrer: (from: string) => void;
  /** Tells of pages that a framework shows by changing the address; not of a change of the fragment alone. */
  readonly follow: () => void;
};

export function newPages({ tell }: Sender): Pages {
  let path: string | undefined;
  let shown: string | undefined;
  let came = document.referrer;
  const view = () => {
    const url = path === undefined ? location.href : new URL(path, location.href).href;
    tell('view', { url: url.slice(0, longest), referrer: came.slice(0, longest), title: document.title.slice(0, 300) });
    shown = url;
    came = url;
  };
  /** A moment later, when the title is the new page's; some frameworks change the address twice for one page. */
  const moved = () =>
    setTimeout(() => {
      path = undefined;
      if (location.href.split('#')[0] !== shown?.split('#')[0]) view();
    }, 0);
  return {
    view,
    setPath: (to) => {
      path = String(to);
    },
    setReferrer: (from) => {
      came = String(from);
    },
    follow: () => {
      for (const method of ['pushState', 'replaceState'] as const) {
        const original = history[method];
        history[method] = function (this: History, ...given: Parameters<History['pushState']>) {
          original.apply(this, given);
          moved();
        };
      }
      addEventListener('popstate', moved);
    },
  };
}
