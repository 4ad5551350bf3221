import { setTimeout as pause } from 'node:timers/promises';
import type { HttpAnswer } from './http-answer.ts';
import type { Parts } from './wiring.ts';

/** The answer of something that was struck by a fault of its own, if it was. */
export async function struck(
  fault: ReturnType<Parts['services']['faults']['decide']>,
  perform: () => HttpAnswer,
): Promise<HttpAnswer | 'disconnect'> {
  if (fault?.kind === 'drop') return 'disconnect';
  if (fault?.kind === 'throttle' || fault?.kind === 'error') {
    const { statusCode, headers, body } = fault.error.toResponse();
    return { status: statusCode, headers, body };
  }
  if (fault?.kind === 'latency') await pause(fault.latencyMs);
  const answer = perform();
  return fault?.kind === 'timeoutAfterCommit' ? 'disconnect' : answer;
}
