import * as z from 'zod/mini';
import { Chart } from './schema.ts';

const Tile = z.strictObject({
  reportId: z.string().check(z.minLength(1)),
  /** Default: the report's own. */
  chart: z.optional(Chart),
  /** Of the twelve columns of a wide screen; a telephone shows one tile beside none. */
  width: z._default(z.int().check(z.minimum(1), z.maximum(12)), 6),
});

const fields = {
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  tiles: z.array(Tile).check(z.maxLength(30)),
  sharedWithTeams: z.array(z.string()).check(z.maxLength(100)),
};

export const DashboardInput = z.strictObject({
  name: fields.name,
  tiles: z._default(fields.tiles, []),
  sharedWithTeams: z._default(fields.sharedWithTeams, []),
});
export type DashboardInput = z.output<typeof DashboardInput>;

export const DashboardPatch = z.strictObject({
  name: z.optional(fields.name),
  tiles: z.optional(fields.tiles),
  sharedWithTeams: z.optional(fields.sharedWithTeams),
});
export type DashboardPatch = z.output<typeof DashboardPatch>;

export const ShareInput = z.strictObject({ expiresAt: z.string() });

export const PublicDashboard = z.object({
  id: z.string(),
  ...fields,
  createdAt: z.string(),
  updatedAt: z.string(),
});

export const Dashboard = z.object({
  id: z.string(),
  ...fields,
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
});
export type Dashboard = z.output<typeof Dashboard>;

export const toPublicDashboard = ({ version: _, ...shown }: Dashboard): z.output<typeof PublicDashboard> => shown;
