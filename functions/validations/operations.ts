import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { RuleType, ValidationRule } from '../../lib/objects/validation-rules.ts';

const ofType = z.object({ objectTypeId: z.string() });
const ofProperty = z.extend(ofType, { propertyName: z.string() });
const ofRule = z.extend(ofProperty, { ruleType: RuleType });

const reads = { scope: 'crm.objects.{objectTypeId}.read', status: 200, uses: ['table:read'] } as const;
const Rules = z.array(ValidationRule);

export const validations = operations('validations', {
  list: {
    ...reads,
    route: 'GET /crm/v3/property-validations/{objectTypeId}',
    summary: 'The rules for values of every property of an object type',
    path: ofType,
    output: z.object({ results: z.array(z.object({ propertyName: z.string(), propertyValidationRules: Rules })) }),
  },
  listOfProperty: {
    ...reads,
    route: 'GET /crm/v3/property-validations/{objectTypeId}/{propertyName}',
    summary: 'The rules for values of a property',
    path: ofProperty,
    output: z.object({ results: Rules }),
  },
  get: {
    ...reads,
    route: 'GET /crm/v3/property-validations/{objectTypeId}/{propertyName}/rule-type/{ruleType}',
    summary: 'One rule for values of a property',
    path: ofRule,
    output: ValidationRule,
  },
  set: {
    route: 'PUT /crm/v3/property-validations/{objectTypeId}/{propertyName}/rule-type/{ruleType}',
    summary: 'Set a rule for values of a property, or take it away',
    scope: 'crm.objects.{objectTypeId}.write',
    path: ofRule,
    body: z.object({
      ruleArguments: z.array(z.string().check(z.maxLength(1000))).check(z.maxLength(100)),
      shouldApplyNormalization: z.optional(z.boolean()),
    }),
    status: 204,
    uses: ['table:read', 'table:write'],
  },
});
