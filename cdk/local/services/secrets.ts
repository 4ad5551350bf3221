import { randomInt, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock, SecretModel } from '../model.ts';
import type { Store } from './store.ts';
import { WireError } from './wire-error.ts';

type SecretRow = {
  name: string;
  arn: string;
  created_at: number;
  changed_at: number;
  version_id: string;
  value: string;
  previous_version_id: string | null;
  previous_value: string | null;
};

/** CloudFormation's `GenerateSecretString`. */
const Generate = z.object({
  PasswordLength: z._default(z.coerce.number(), 32),
  ExcludeCharacters: z._default(z.string(), ''),
  ExcludeLowercase: z._default(z.boolean(), false),
  ExcludeUppercase: z._default(z.boolean(), false),
  ExcludeNumbers: z._default(z.boolean(), false),
  ExcludePunctuation: z._default(z.boolean(), false),
  IncludeSpace: z._default(z.boolean(), false),
  RequireEachIncludedType: z._default(z.boolean(), true),
  SecretStringTemplate: z.optional(z.string()),
  GenerateStringKey: z.optional(z.string()),
});

const OfSecret = z.object({ SecretId: z.string() });
const GetValue = z.extend(OfSecret, { VersionId: z.optional(z.string()), VersionStage: z.optional(z.string()) });
const PutValue = z.extend(OfSecret, { SecretString: z.string(), ClientRequestToken: z.optional(z.string()) });

/** Secrets Manager with the stack's secrets; each is made up once and kept from then on. */
export class Secrets {
  readonly #clock: Clock;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(options: { store: Store; clock: Clock; secrets: readonly SecretModel[] }) {
    this.#clock = options.clock;
    this.#sql = prepare(options.store);
    for (const secret of options.secrets) this.#create(secret);
  }

  /** One call: `GetSecretValue` and its parsed body. Throws a `WireError`. */
  execute(action: string, body: unknown): Record<string, unknown> {
    switch (action) {
      case 'GetSecretValue':
        return this.#get(parse(GetValue, body));
      case 'PutSecretValue':
        return this.#put(parse(PutValue, body));
      case 'DescribeSecret':
        return describe(this.#find(parse(OfSecret, body).SecretId));
      default:
        throw new WireError('UnknownOperationException', `The local Secrets Manager does not offer ${action}.`);
    }
  }

  #create({ name, arn, generate, value }: SecretModel): void {
    if (this.#sql.byName.get(name)) return;
    const now = this.#clock.now();
    this.#sql.insert.run(name, arn, now, now, randomUUID(), value ?? (generate ? generateSecret(generate) : ''));
  }

  #find(id: string): SecretRow {
    // Callers may leave out the six random characters that end a secret's ARN.
    const row = this.#sql.byName.get(id) ?? this.#sql.byArn.get(id, id);
    if (!row) throw new WireError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return row;
  }

  #get({ SecretId, VersionId, VersionStage }: z.infer<typeof GetValue>): Record<string, unknown> {
    const row = this.#find(SecretId);
    const usesPrevious =
      VersionStage === 'AWSPREVIOUS' || (VersionId !== undefined && VersionId === row.previous_version_id);
    const [version, value] = usesPrevious ? [row.previous_version_id, row.previous_value] : [row.version_id, row.value];
    const stage = usesPrevious ? 'AWSPREVIOUS' : 'AWSCURRENT';
    const isWanted = version !== null && (VersionId ?? version) === version && (VersionStage ?? stage) === stage;
    if (!isWanted)
      throw new WireError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${VersionStage ?? stage}`,
      );
    return {
      ARN: row.arn,
      Name: row.name,
      VersionId: version,
      SecretString: value,
      VersionStages: [stage],
      CreatedDate: row.changed_at / 1000,
    };
  }

  #put({ SecretId, SecretString, ClientRequestToken }: z.infer<typeof PutValue>): Record<string, unknown> {
    const row = this.#find(SecretId);
    const version = ClientRequestToken ?? randomUUID();
    const isRepeat = version === row.version_id;
    if (isRepeat && SecretString !== row.value) {
      throw new WireError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${version} because that value is already in use for a version of secret ${row.arn}.`,
      );
    }
    if (!isRepeat) this.#sql.put.run(this.#clock.now(), version, SecretString, row.name);
    return { ARN: row.arn, Name: row.name, VersionId: version, VersionStages: ['AWSCURRENT'] };
  }
}

function describe(row: SecretRow): Record<string, unknown> {
  const previous = row.previous_version_id === null ? {} : { [row.previous_version_id]: ['AWSPREVIOUS'] };
  return {
    ARN: row.arn,
    Name: row.name,
    CreatedDate: row.created_at / 1000,
    LastChangedDate: row.changed_at / 1000,
    VersionIdsToStages: { [row.version_id]: ['AWSCURRENT'], ...previous },
  };
}

/** A secret's first value by CloudFormation's `GenerateSecretString`: a password, or a template with a password in it. */
export function generateSecret(options: Readonly<Record<string, unknown>>): string {
  const generate = Generate.parse(options);
  const password = generatePassword(generate);
  if (generate.SecretStringTemplate === undefined || generate.GenerateStringKey === undefined) return password;
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(generate.SecretStringTemplate));
  return JSON.stringify({ ...template, [generate.GenerateStringKey]: password });
}

function generatePassword(generate: z.infer<typeof Generate>): string {
  const kinds = [
    generate.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    generate.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    generate.ExcludeNumbers ? '' : '0123456789',
    generate.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    generate.IncludeSpace ? ' ' : '',
  ]
    .map((characters) => [...characters].filter((character) => !generate.ExcludeCharacters.includes(character)))
    .filter((characters) => characters.length > 0);
  const all = kinds.flat();
  if (all.length === 0) throw new Error('GenerateSecretString excludes every character.');
  const required = generate.RequireEachIncludedType ? kinds : [];
  const chosen = Array.from({ length: generate.PasswordLength }, (_, index) => pick(required[index] ?? all));
  // The required ones stand in front; each place is as likely as any other in the end.
  for (let last = chosen.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [chosen[last], chosen[other]] = [chosen[other] ?? '', chosen[last] ?? ''];
  }
  return chosen.join('');
}

function pick(characters: readonly string[]): string {
  return characters[randomInt(characters.length)] ?? '';
}

function parse<T extends z.ZodMiniType>(schema: T, body: unknown): z.output<T> {
  const result = z.safeParse(schema, body);
  if (!result.success) throw new WireError('InvalidParameterException', z.prettifyError(result.error));
  return result.data;
}

function prepare(store: Store) {
  return {
    byName: store.statement<SecretRow>('select * from secret where name = ?'),
    byArn: store.statement<SecretRow>(`select * from secret where arn = ? or arn glob ? || '-??????'`),
    insert: store.statement(
      'insert into secret (name, arn, created_at, changed_at, version_id, value) values (?, ?, ?, ?, ?, ?)',
    ),
    put: store.statement(
      'update secret set previous_version_id = version_id, previous_value = value, changed_at = ?, version_id = ?, value = ? where name = ?',
    ),
  };
}
