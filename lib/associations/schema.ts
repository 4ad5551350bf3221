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
  z.union([z.string().check(z.minLength(1), z.maxLength(200)), z.int()]),
  z.transform((id) => String(id)),
);
const Ref = z.object({ id: ObjectId });

/** An association that is made together with a record. */
export const InlineAssociation = z.object({ to: Ref, types: z.array(AssociationSpec).check(z.minLength(1)) });
