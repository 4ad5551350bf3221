import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * One thing that starts a worker. Its rights must be in the worker's role before the function exists, and it can only be
 * wired up after that; hence the two steps.
 */
export interface Trigger {
  /** What the worker needs to be allowed so that this can start it. */
  readonly statements: readonly PolicyStatement[];
  start(worker: IFunction): void;
}
