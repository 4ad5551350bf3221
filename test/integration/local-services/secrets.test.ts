import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { given, startEndpoint } from './harness.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:signing-a1b2c3';
const { services } = given({
  secrets: [
    { name: 'signing', arn, generate: { PasswordLength: 40, ExcludePunctuation: true } },
    { name: 'fixed', arn: `${arn}2`, value: 'known' },
  ],
});

let endpoint: Awaited<ReturnType<typeof startEndpoint>>;
let client: SecretsManagerClient;

beforeAll(async () => {
  endpoint = await startEndpoint(services);
  client = new SecretsManagerClient(endpoint.config);
});
afterAll(async () => {
  await endpoint.close();
  await services.stop();
});

const value = async (SecretId: string, VersionStage?: string) =>
  await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));

describe('a secret', () => {
  it('is found by name, ARN and ARN without its ending', async () => {
    const answers = await Promise.all([value('signing'), value(arn), value(arn.slice(0, -7))]);
    expect(answers[0]).toMatchObject({
      ARN: arn,
      Name: 'signing',
      SecretString: expect.stringMatching(/^\w{40}$/),
      VersionStages: ['AWSCURRENT'],
    });
    expect(new Set(answers.map(({ SecretString }) => SecretString)).size).toBe(1);
    expect(answers[0]?.CreatedDate).toBeInstanceOf(Date);
  });

  it('keeps its previous value when it gets another one', async () => {
    const { VersionId } = await client.send(new PutSecretValueCommand({ SecretId: 'fixed', SecretString: 'changed' }));
    expect(await value('fixed')).toMatchObject({ SecretString: 'changed', VersionId });
    expect(await value('fixed', 'AWSPREVIOUS')).toMatchObject({
      SecretString: 'known',
      VersionStages: ['AWSPREVIOUS'],
    });
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'fixed' }));
    expect(
      Object.values(VersionIdsToStages ?? {})
        .flat()
        .sort(),
    ).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('takes a repeated put as one', async () => {
    const put = { SecretId: 'fixed', SecretString: 'again', ClientRequestToken: 'a'.repeat(32) };
    await client.send(new PutSecretValueCommand(put));
    await client.send(new PutSecretValueCommand(put));
    expect(await value('fixed', 'AWSPREVIOUS')).not.toMatchObject({ SecretString: 'again' });
    await expect(client.send(new PutSecretValueCommand({ ...put, SecretString: 'other' }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  it('that is unknown, and an action that is, are errors', async () => {
    await expect(value('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(value('signing', 'AWSPENDING')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(client.send(new CreateSecretCommand({ Name: 'x' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
