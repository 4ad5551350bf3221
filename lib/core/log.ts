import { Logger } from '@aws-lambda-powertools/logger';
import { MissingVariable } from './environment.ts';

const logger = new Logger({ serviceName: 'tsunagi' });

/** Where an error came from, without its message: messages of parsers and databases quote what people typed. */
const traceOf = (error: unknown) => {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const reason = error instanceof MissingVariable && { reason: error.message };
  return { error: error.name, ...reason, trace: frames.slice(0, 12).map((line) => line.trim()) };
};

/** Logs a bug once, with its place and the ids to find the request by, and nothing of what people typed. */
export function logBug(error: unknown, where: Readonly<Record<string, string>>): void {
  logger.error('unexpected error', { ...where, ...traceOf(error) });
}

/** Logs that something will be tried again, with the same care. */
export function logRetry(error: unknown, where: Readonly<Record<string, string>>): void {
  logger.warn('will be tried again', { ...where, ...traceOf(error) });
}
