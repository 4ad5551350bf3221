import * as z from 'zod/mini';
import { FindingType, Reason, SuggestionWithCompany } from './schema.ts';

/** What is wrong with a contact, and how it could be. */
export const PublicFinding = z.object({
  id: z.string(),
  type: FindingType,
  recordId: z.string(),
  ownerId: z.optional(z.string()),
  lastname: z.string(),
  firstname: z.string(),
  suggestion: z.optional(z.omit(SuggestionWithCompany, { confidence: true, reasons: true })),
  confidence: z.number(),
  reasons: z.array(Reason),
  /** Contacts that seem to be the same person. */
  duplicates: z.optional(z.array(z.string())),
  foundAt: z.string(),
});
export type PublicFinding = z.output<typeof PublicFinding>;

const ByType = z.record(z.string(), z.number());

export const Summary = z.object({
  total: z.number(),
  byType: ByType,
  /** `ownerId` is null for contacts without an owner. */
  byOwner: z.array(z.object({ ownerId: z.nullable(z.string()), total: z.number(), byType: ByType })),
});
export type Summary = z.output<typeof Summary>;
