import * as z from 'zod/mini';
import type { OutgoingResult } from '../outgoing/request.ts';
import { SalesforceTrouble } from './trouble.ts';

/** What to make of one try of a call. */
export type Verdict =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'expired' }
  | { readonly kind: 'again'; readonly trouble: SalesforceTrouble }
  | { readonly kind: 'trouble'; readonly trouble: SalesforceTrouble };

const ErrorList = z.array(z.looseObject({ errorCode: z.string(), message: z._default(z.string(), '') }));

const unavailable = (code: string, message: string) => new SalesforceTrouble('UNAVAILABLE', code, message);

/**
 * Classifies an answer by its status first and by Salesforce's error code then, because proxies answer HTML. A body that broke off is a
 * failure whatever its status says. Every call is a read, an update or an upsert, so that all of them may be made again.
 */
export function verdictOf(result: OutgoingResult): Verdict {
  if (result.kind === 'refused')
    return { kind: 'trouble', trouble: new SalesforceTrouble('REFUSED', 'ADDRESS', result.reason) };
  if (result.kind !== 'answer') return { kind: 'again', trouble: unavailable('NO_ANSWER', result.reason) };
  const { status, body, complete } = result;
  if (!complete) return { kind: 'again', trouble: unavailable('CUT_OFF', 'the answer broke off') };
  if (status >= 200 && status < 300) return successOf(body);
  if (status === 401) return { kind: 'expired' };
  const known = ErrorList.safeParse(jsonOf(body));
  const { errorCode: code = `HTTP_${status}`, message = `answered ${status}` } = known.data?.[0] ?? {};
  return failureOf(status, code, message);
}

function successOf(text: string): Verdict {
  if (text.trim() === '') return { kind: 'ok', body: undefined };
  const body = jsonOf(text);
  return body === undefined
    ? { kind: 'again', trouble: unavailable('NOT_JSON', 'the answer is not JSON') }
    : { kind: 'ok', body };
}

function failureOf(status: number, code: string, message: string): Verdict {
  if (code === 'REQUEST_LIMIT_EXCEEDED') {
    // One code, two meanings: the day's calls are used up, or too many long calls run at this moment.
    return /TotalRequests/i.test(message)
      ? { kind: 'trouble', trouble: new SalesforceTrouble('LIMIT', code, message) }
      : { kind: 'again', trouble: unavailable(code, message) };
  }
  const passes = status >= 500 || status === 429 || status === 420 || code === 'UNABLE_TO_LOCK_ROW';
  if (passes) return { kind: 'again', trouble: unavailable(code, message) };
  return { kind: 'trouble', trouble: new SalesforceTrouble('REFUSED', code, message) };
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
