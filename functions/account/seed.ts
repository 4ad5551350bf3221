import { CustomResourceEvent, type Outcome, respond } from '../../lib/account/custom-resource.ts';
import { seedAccount } from '../../lib/account/seed.ts';
import { readSecret } from '../../lib/aws/secret.ts';
import { app } from '../../lib/core/app.ts';
import { environment } from '../../lib/core/environment.ts';
import { logBug } from '../../lib/core/log.ts';
import { seedPipelines } from '../../lib/pipelines/seed.ts';

const physicalId = 'tsunagi-seed';

/** Deleting the stack takes nothing away: the table outlives it. */
export const handler = async (input: unknown): Promise<void> => {
  const event = CustomResourceEvent.parse(input);
  await respond(event, physicalId, event.RequestType === 'Delete' ? { Status: 'SUCCESS' } : await seed(event));
};

async function seed({ ResourceProperties = {} }: CustomResourceEvent): Promise<Outcome> {
  try {
    const secret = await readSecret(environment('ACCESS_TOKEN_SECRET_ARN'));
    if (!secret) return { Status: 'FAILED', Reason: 'The secret of the access token has no value' };
    const run = app({ actor: { kind: 'system', id: 'account/seed' } });
    const { AdminEmail } = ResourceProperties;
    await seedAccount(run, {
      secret: secret.trim(),
      adminEmail: typeof AdminEmail === 'string' ? AdminEmail : 'admin@example.com',
    });
    await seedPipelines(run);
    return { Status: 'SUCCESS' };
  } catch (error) {
    logBug(error, { function: 'account/seed' });
    return {
      Status: 'FAILED',
      Reason: `Seeding failed with ${error instanceof Error ? error.name : 'an error'}; the log of account/seed has the place`,
    };
  }
}
