import { ApiError } from '../api-error.ts';

export type Literal =
  /** `pattern` is the text with its escapes left in, for LIKE. */
  | { readonly kind: 'string'; readonly value: string; readonly pattern: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'date' | 'datetime'; readonly value: string }
  | { readonly kind: 'null' };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: 'in'; readonly path: string; readonly negated: boolean; readonly values: readonly Literal[] };

export type Selected =
  | { readonly kind: 'field'; readonly path: string }
  /** `COUNT(Id)`, `MAX(CreatedDate) newest`: one row for all records. */
  | { readonly kind: 'aggregate'; readonly name: AggregateName; readonly path: string; readonly alias?: string };

export const aggregateNames = ['count', 'count_distinct', 'min', 'max', 'sum', 'avg'] as const;
export type AggregateName = (typeof aggregateNames)[number];

export type Order = { readonly path: string; readonly descending: boolean; readonly nullsLast: boolean };

export type Query = {
  /** Empty for `COUNT()`. */
  readonly select: readonly Selected[];
  readonly from: string;
  readonly where?: Condition;
  readonly orderBy: readonly Order[];
  readonly limit?: number;
  readonly offset: number;
};

export const malformed = (message: string): ApiError => new ApiError('MALFORMED_QUERY', message);
