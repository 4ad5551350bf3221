import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Trigger } from './trigger.ts';

/** The worker that writes what a new installation holds (the access token's row, standard pipelines …). */
export const seedWorker = 'account/seed';

interface SeedProps {
  /** The first user of a new installation. */
  readonly adminEmail: string | undefined;
  /** The folder that `cdk/bundle.ts` wrote. */
  readonly bundleFolder: string;
}

/**
 * Runs the seeding worker when the stack is made, and again whenever the worker's code changes: its bundle names the
 * chunks that it imports by the hash of their content, so the hash of this one file tells.
 */
export class Seed extends Construct implements Trigger {
  readonly statements = [];
  private readonly adminEmail: string | undefined;
  private readonly version: string;

  constructor(scope: Construct, id: string, { adminEmail, bundleFolder }: SeedProps) {
    super(scope, id);
    this.adminEmail = adminEmail;
    const entry = readFileSync(join(bundleFolder, `${seedWorker}.mjs`));
    this.version = createHash('sha256').update(entry).digest('hex').slice(0, 16);
  }

  start(worker: IFunction): void {
    new CustomResource(this, 'Run', {
      serviceToken: worker.functionArn,
      resourceType: 'Custom::TsunagiSeed',
      properties: { Version: this.version, ...(this.adminEmail && { AdminEmail: this.adminEmail }) },
      // CloudFormation would wait an hour for a worker that died without an answer.
      serviceTimeout: Duration.minutes(5),
    });
  }
}
