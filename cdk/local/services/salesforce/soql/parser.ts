import { parseCondition } from './condition-parser.ts';
import { tokens } from './lexer.ts';
import { aggregateNames, malformed, type Order, type Query, type Selected } from './syntax.ts';
import { Tokens } from './tokens.ts';

/** The part of SOQL that reads one object: no sub-selects, no GROUP BY. @throws ApiError MALFORMED_QUERY */
export function parseQuery(query: string): Query {
  const input = new Tokens(tokens(query));
  input.expectWord('select');
  const select = selection(input);
  input.expectWord('from');
  const from = input.name();
  const where = input.takeWord('where') ? parseCondition(input) : undefined;
  const orderBy = input.takeWord('order') ? orders(input) : [];
  const limit = input.takeWord('limit') ? input.count() : undefined;
  const offset = input.takeWord('offset') ? input.count() : 0;
  input.end();
  return { select, from, ...(where && { where }), orderBy, ...(limit !== undefined && { limit }), offset };
}

function selection(input: Tokens): Selected[] {
  const list: Selected[] = [];
  do {
    const name = input.name();
    if (!input.takeMark('(')) {
      list.push({ kind: 'field', path: name });
      continue;
    }
    const aggregate = aggregateNames.find((known) => known === name.toLowerCase());
    if (!aggregate) throw malformed(`unexpected token: '('`);
    if (aggregate === 'count' && list.length === 0 && input.takeMark(')')) return [];
    const path = input.name();
    input.expectMark(')');
    const alias = input.isWord('from') ? undefined : input.takeName();
    list.push({ kind: 'aggregate', name: aggregate, path, ...(alias && { alias }) });
  } while (input.takeMark(','));
  return list;
}

function orders(input: Tokens): Order[] {
  input.expectWord('by');
  const list: Order[] = [];
  do {
    const path = input.name();
    const descending = input.takeWord('desc');
    if (!descending) input.takeWord('asc');
    list.push({ path, descending, nullsLast: nullsLast(input) });
  } while (input.takeMark(','));
  return list;
}

function nullsLast(input: Tokens): boolean {
  if (!input.takeWord('nulls')) return false;
  if (input.takeWord('first')) return false;
  input.expectWord('last');
  return true;
}
