import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../cdk/local/services/salesforce/soql/parser.ts';

const where = (condition: string) => parseQuery(`SELECT Id FROM Lead WHERE ${condition}`).where;
const refusal = (query: string): string => {
  try {
    parseQuery(query);
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

describe('a query', () => {
  it('is read with every clause, in any case and over several lines', () => {
    const query = parseQuery(`select Id, Contact.Account.Name
      From OpportunityContactRole where IsPrimary = TRUE
      order by SystemModstamp desc nulls last, Id LIMIT 10 OFFSET 5`);
    expect(query).toMatchObject({
      select: [{ path: 'Id' }, { path: 'Contact.Account.Name' }],
      from: 'OpportunityContactRole',
      where: { kind: 'compare', path: 'IsPrimary', operator: '=', value: { kind: 'boolean', value: true } },
      orderBy: [
        { path: 'SystemModstamp', descending: true, nullsLast: true },
        { path: 'Id', descending: false, nullsLast: false },
      ],
      limit: 10,
      offset: 5,
    });
  });

  it('may count or compute over all records', () => {
    expect(parseQuery('SELECT COUNT() FROM Lead').select).toEqual([]);
    expect(parseQuery('SELECT COUNT(Id), MAX(CreatedDate) newest FROM Lead').select).toEqual([
      { kind: 'aggregate', name: 'count', path: 'Id' },
      { kind: 'aggregate', name: 'max', path: 'CreatedDate', alias: 'newest' },
    ]);
  });

  it('holds literals of each kind', () => {
    const { where } = parseQuery(
      "SELECT Id FROM Task WHERE A = 'x' AND B = -1.5 AND C = null AND D = false AND E = 2026-11-25 AND F = 2026-11-25T09:00:00+09:00",
    );
    expect(where).toMatchObject({
      kind: 'and',
      parts: [
        { value: { kind: 'string', value: 'x' } },
        { value: { kind: 'number', value: -1.5 } },
        { value: { kind: 'null' } },
        { value: { kind: 'boolean', value: false } },
        { value: { kind: 'date', value: '2026-11-25' } },
        { value: { kind: 'datetime', value: '2026-11-25T00:00:00.000+0000' } },
      ],
    });
  });

  it('undoes the escapes of text', () => {
    const text = (literal: string) => (where(`Name = ${literal}`) as { value: { value: string } }).value.value;
    expect(text("'O\\'Brien'")).toBe("O'Brien");
    expect(text("'a\\\\b\\n\\u7530'")).toBe('a\\b\n田');
    expect(text("'100\\%'")).toBe('100%');
    expect(text("''")).toBe('');
  });

  it('nests conditions, with NOT before one of them', () => {
    expect(where("(A = 1 OR B IN ('x','y')) AND (NOT C LIKE 'z%') AND D NOT IN (1, 2)")).toMatchObject({
      kind: 'and',
      parts: [
        {
          kind: 'or',
          parts: [{ path: 'A' }, { kind: 'in', negated: false, values: [{ value: 'x' }, { value: 'y' }] }],
        },
        { kind: 'not', part: { operator: 'like' } },
        { kind: 'in', path: 'D', negated: true },
      ],
    });
  });
});

describe('a malformed query', () => {
  it.each([
    '',
    'SELECT FROM Lead',
    'SELECT Id Lead',
    'SELECT Id FROM Lead WHERE',
    'SELECT Id FROM Lead WHERE A = ',
    "SELECT Id FROM Lead WHERE A = 'open",
    "SELECT Id FROM Lead WHERE A = 'bad\\q'",
    'SELECT Id FROM Lead WHERE A IN ()',
    'SELECT Id FROM Lead WHERE A = b',
    'SELECT Id FROM Lead WHERE (A = 1',
    'SELECT Id FROM Lead LIMIT -1',
    'SELECT Id FROM Lead LIMIT 1.5',
    'SELECT Id FROM Lead; DROP',
    'SELECT NOSUCH(Id) FROM Lead',
    'SELECT Id FROM Lead WHERE A = 2026-02-30',
    'SELECT Id FROM Lead GROUP BY Status',
  ])('is refused: %s', (query) => {
    expect(refusal(query)).toBe('MALFORMED_QUERY');
  });

  it('is also one that mixes AND with OR, as Salesforce has it', () => {
    expect(refusal('SELECT Id FROM Lead WHERE A = 1 AND B = 2 OR C = 3')).toBe('MALFORMED_QUERY');
    expect(refusal('SELECT Id FROM Lead WHERE (A = 1 AND B = 2) OR C = 3')).toBe('taken');
  });

  it('is one that is nested without end', () => {
    expect(refusal(`SELECT Id FROM Lead WHERE ${'('.repeat(100_000)}`)).toBe('MALFORMED_QUERY');
  });
});
