import * as z from 'zod/mini';

export const AssociationCategory = z.enum(['HUBSPOT_DEFINED', 'USER_DEFINED', 'INTEGRATOR_DEFINED']);

/** How a client names a type of association. */
export const AssociationSpec = z.object({
  associationCategory: AssociationCategory,
  associationTypeId: z.int(),
});
export type AssociationSpec = z.output<typeof AssociationSpec>;

/** Ids are decimal strings; HubSpot's own examples send numbers. */
export const ObjectId = z.pipe(
  z.union(
    [z.string().check(z.minLength(1), z.maxLength(1000)), z.int()],
    'must be an id: a text of 1 to 1000 characters',
  ),
  z.transform((id) => String(id)),
);
/** Where a page begins: the id of the last record of the page before. Some clients send an empty one for the first page. */
export const After = z.string().check(z.regex(/^\d{0,20}$/, 'is not a cursor of this API'));

const Ref = z.object({ id: ObjectId });

/** An association that is made together with a record. */
export const InlineAssociation = z.object({ to: Ref, types: z.array(AssociationSpec).check(z.minLength(1)) });

export const PairTypesPath = z.object({ fromObjectType: z.string(), toObjectType: z.string() });
export const FromRecordPath = z.object({ objectType: z.string(), objectId: z.string(), toObjectType: z.string() });
export const PairPath = z.extend(FromRecordPath, { toObjectId: z.string() });

const upTo = <S extends z.ZodMiniType>(most: number, input: S) =>
  z.object({ inputs: z.array(input).check(z.maxLength(most, `takes at most ${most} inputs`)) });

/** An empty list of types is HubSpot's way to ask for the unlabelled association. */
export const AssociationSpecs = z.array(AssociationSpec).check(z.maxLength(50));
const PairInput = z.object({ from: Ref, to: Ref });
const LabelledPairInput = z.extend(PairInput, { types: AssociationSpecs });
export const BatchPairs = upTo(2000, PairInput);
export const BatchLabelledPairs = upTo(2000, LabelledPairInput);
export const BatchNamedPairs = upTo(2000, z.extend(PairInput, { type: z.union([z.string(), z.int()]) }));
export const BatchArchivedPairs = upTo(2000, z.object({ from: Ref, to: z.array(Ref).check(z.maxLength(2000)) }));
export const BatchFrom = upTo(1000, z.object({ id: ObjectId, after: z.optional(z.string().check(z.maxLength(100))) }));

export const PublicRef = z.object({ id: z.string() });
export const SpecWithLabel = z.object({
  category: AssociationCategory,
  typeId: z.number(),
  label: z.nullable(z.string()),
});
export const AssociatedWithLabels = z.object({ toObjectId: z.string(), associationTypes: z.array(SpecWithLabel) });
export const PairLabels = z.object({
  fromObjectTypeId: z.string(),
  fromObjectId: z.string(),
  toObjectTypeId: z.string(),
  toObjectId: z.string(),
  labels: z.array(z.string()),
});
export const DefaultAssociation = z.object({ from: PublicRef, to: PublicRef, associationSpec: AssociationSpec });
export const LabelList = z.object({ results: z.array(SpecWithLabel) });

export const CreateLabelInput = z.object({
  name: z.string().check(z.regex(/^[A-Za-z]\w{0,99}$/, 'must start with a letter and have letters, digits and _ only')),
  label: z.string().check(z.minLength(1), z.maxLength(250)),
  inverseLabel: z.optional(z.string().check(z.minLength(1), z.maxLength(250))),
});
export const UpdateLabelInput = z.object({
  associationTypeId: z.int(),
  label: z.string().check(z.minLength(1), z.maxLength(250)),
  inverseLabel: z.optional(z.string().check(z.minLength(1), z.maxLength(250))),
});
