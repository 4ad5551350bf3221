import * as z from 'zod/mini';
import type { PolicyStatement } from '../model.ts';
import type { Resolver } from '../resolve.ts';
import { TemplateError } from '../template.ts';
import { oneOrMore, readResources } from './read-resources.ts';

const Statement = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.optional(z.unknown()),
  Resource: z.optional(z.unknown()),
});
export const PolicyDocument = z.object({
  Statement: z.union([
    z.array(Statement),
    z.pipe(
      Statement,
      z.transform((one) => [one]),
    ),
  ]),
});
type PolicyDocument = z.output<typeof PolicyDocument>;

const Role = z.object({
  Policies: z._default(z.array(z.object({ PolicyDocument })), []),
  ManagedPolicyArns: z._default(z.array(z.string()), []),
});
const AttachedPolicy = z.object({ Roles: z._default(z.array(z.string()), []), PolicyDocument });

/** What AWS's own managed policies allow, for those that functions have. */
const managed: Readonly<Record<string, PolicyStatement>> = {
  'service-role/AWSLambdaBasicExecutionRole': {
    effect: 'Allow',
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: ['*'],
  },
};

/** Role ARN → every statement that applies to it: inline, attached and managed. */
export function readPolicies(resolver: Resolver): Map<string, readonly PolicyStatement[]> {
  const roles = readResources(resolver, 'AWS::IAM::Role', Role);
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    readResources(resolver, type, AttachedPolicy).map(({ identity, properties }) => ({
      ref: identity.ref,
      ...properties,
    })),
  );
  return new Map(
    roles.map(({ identity, properties, stack, logicalId }) => {
      const where = `${stack.name}/${logicalId}`;
      const documents = [
        ...properties.Policies.map((policy) => policy.PolicyDocument),
        ...attached.filter(({ Roles }) => Roles.includes(identity.ref)).map((policy) => policy.PolicyDocument),
      ];
      const own = attached.map(({ ref }) => ref);
      const foreign = properties.ManagedPolicyArns.filter((arn) => !own.includes(arn));
      const statements = [
        ...documents.flatMap((document) => statementsOf(document, where)),
        ...foreign.map((arn) => managedPolicy(arn, where)),
      ];
      return [identity.attributes.Arn ?? '', statements];
    }),
  );
}

function managedPolicy(arn: string, where: string): PolicyStatement {
  const known = managed[arn.replace(/^arn:aws:iam::aws:policy\//, '')];
  if (!known) throw new TemplateError(`${where} has the managed policy ${arn}, whose content localhost does not know`);
  return known;
}

function statementsOf({ Statement }: PolicyDocument, where: string): PolicyStatement[] {
  return Statement.map(({ Effect, Action, Resource, Sid, Principal, ...rest }) => {
    const unknown = Object.keys(rest);
    if (unknown.length > 0)
      throw new TemplateError(`${where}: localhost does not evaluate ${unknown.join(', ')} in a policy`);
    return { effect: Effect, actions: oneOrMore(Action).map(String), resources: oneOrMore(Resource).map(String) };
  });
}
