import * as z from 'zod/mini';
import { Paging } from '../core/page.ts';
import { SearchFilter } from '../objects/filter.ts';
import { PublicRecord } from '../objects/schema.ts';

/** HubSpot's limits. */
const mostGroups = 5;
const mostFiltersOfGroup = 6;
const mostFilters = 18;
const mostResults = 200;

const Filters = z.array(SearchFilter).check(z.maxLength(mostFiltersOfGroup));

const Sort = z.union(
  [z.string(), z.object({ propertyName: z.string(), direction: z.optional(z.enum(['ASCENDING', 'DESCENDING'])) })],
  'must be a property name or an object with propertyName and direction',
);

const text = (what: string) =>
  z.pipe(
    z.union([z.string(), z.int()], what),
    z.transform((value) => String(value)),
  );

/** What HubSpot's search takes. `filters` is one more group; `associations` is ours. `{}` finds everything. */
export const SearchRequest = z
  .object({
    filterGroups: z.optional(z.array(z.object({ filters: Filters })).check(z.maxLength(mostGroups))),
    filters: z.optional(Filters),
    query: z.optional(z.string().check(z.maxLength(3000))),
    sorts: z.optional(z.array(Sort)),
    properties: z.optional(z.array(z.string())),
    associations: z.optional(z.array(z.string()).check(z.maxLength(20))),
    limit: z.optional(
      z.pipe(
        text('must be a whole number'),
        z.pipe(z.transform(Number), z.int().check(z.minimum(0), z.maximum(mostResults))),
      ),
    ),
    after: z.optional(text('must be a cursor or a number')),
  })
  .check(
    z.refine(
      ({ filterGroups = [], filters = [] }) =>
        filterGroups.reduce((sum, group) => sum + group.filters.length, filters.length) <= mostFilters,
      `takes at most ${mostFilters} filters in all`,
    ),
    z.refine(
      ({ filterGroups = [], filters = [] }) => filterGroups.length + (filters.length > 0 ? 1 : 0) <= mostGroups,
      `takes at most ${mostGroups} groups of filters`,
    ),
  );
export type SearchRequest = z.output<typeof SearchRequest>;

export const SearchPage = z.object({
  total: z.number(),
  results: z.array(PublicRecord),
  paging: z.optional(Paging),
});
