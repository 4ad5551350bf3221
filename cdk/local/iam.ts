import type { FunctionModel, PolicyStatement } from './model.ts';

/** Why a call may not be made. */
export type Denial = 'explicit' | 'implicit';

/** Whether the statements allow an action on a resource: nothing is allowed by default, and one Deny beats every Allow. */
export const allows = (statements: readonly PolicyStatement[], action: string, resource: string): boolean =>
  denial(statements, action, resource) === undefined;

function denial(statements: readonly PolicyStatement[], action: string, resource: string): Denial | undefined {
  const applying = statements.filter(
    ({ actions, resources }) =>
      actions.some((pattern) => matches(pattern, action, 'i')) &&
      resources.some((pattern) => matches(pattern, resource)),
  );
  if (applying.some(({ effect }) => effect === 'Deny')) return 'explicit';
  return applying.length > 0 ? undefined : 'implicit';
}

/** IAM's wildcards: `*` is any text, `?` one character. Actions are compared without regard to case. */
export function matches(pattern: string, value: string, flags: '' | 'i' = ''): boolean {
  if (pattern === '*' || pattern === value) return true;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, `${flags}s`).test(value);
}

/** Answers for each function's role what it may do, from the policies in the template; each answer is worked out once. */
export class Iam {
  private readonly functions: ReadonlyMap<string, FunctionModel>;
  private readonly accountId: string;
  private readonly answers = new Map<string, Denial | undefined>();

  constructor(functions: readonly FunctionModel[], accountId: string) {
    this.functions = new Map(functions.map((fn) => [fn.id, fn]));
    this.accountId = accountId;
  }

  /** Whether credentials with this access key are a function's. Others are the developer's, who may do everything. */
  isFunction(accessKeyId: string): boolean {
    return this.functions.has(accessKeyId);
  }

  /** Why a function may not do this; undefined when it may. */
  denial(functionId: string, action: string, resource: string): Denial | undefined {
    const key = `${functionId} ${action} ${resource}`;
    if (this.answers.has(key)) return this.answers.get(key);
    const answer = denial(this.functions.get(functionId)?.policies ?? [], action, resource);
    this.answers.set(key, answer);
    return answer;
  }

  /** The sentence with which AWS refuses. */
  message(functionId: string, action: string, resource: string, why: Denial): string {
    const name = this.functions.get(functionId)?.name ?? functionId;
    const reason =
      why === 'explicit'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${action} action`;
    const user = `arn:aws:sts::${this.accountId}:assumed-role/${name}-role/${name}`;
    return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  }
}
