import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Fields } from '../../../../cdk/local/services/salesforce/field.ts';
import { objectNamed } from '../../../../cdk/local/services/salesforce/objects.ts';
import { idOf, Records } from '../../../../cdk/local/services/salesforce/records.ts';
import type { SObject } from '../../../../cdk/local/services/salesforce/sobject.ts';
import { parseQuery } from '../../../../cdk/local/services/salesforce/soql/parser.ts';
import { aggregated, prepareQuery, runQuery } from '../../../../cdk/local/services/salesforce/soql/run.ts';
import { Store } from '../../../../cdk/local/services/store.ts';

const records = new Records(new Store(':memory:'));
const named = (name: string) => objectNamed(name) as SObject;

function add(type: string, fields: Fields, stamp = 0): string {
  const id = records.nextId(named(type));
  const SystemModstamp = `2026-01-01T00:00:${String(stamp).padStart(2, '0')}.000+0000`;
  records.save({ type: named(type), fields: { Id: id, IsDeleted: false, SystemModstamp, ...fields } });
  return id;
}

const run = (soql: string, deleted = false) =>
  runQuery(prepareQuery(parseQuery(soql)), records, { deleted }).map(({ fields }) =>
    String(fields.LastName ?? fields.Name),
  );
const leads = (condition: string) => run(`SELECT Id FROM Lead WHERE ${condition} ORDER BY LastName`).join(' ');
const refusal = (soql: string): string => {
  try {
    run(soql);
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

let owner: string;
beforeAll(() => {
  owner = add('User', { Name: 'Owner', LastName: 'Owner' });
  const account = add('Account', { Name: 'ACME', OwnerId: owner });
  add('Contact', { LastName: 'With', AccountId: account });
  add('Contact', { LastName: 'Without' });
  add('Lead', { LastName: 'a', Email: 'a@x.co', Company: '100%', NumberOfEmployees: 5, OwnerId: owner }, 1);
  add('Lead', { LastName: 'B', Email: 'b@x.co', Company: '100 yen', NumberOfEmployees: 50, DoNotCall: true }, 2);
  add('Lead', { LastName: 'c', Company: 'a_b', Birthdate: null }, 3);
  add('Lead', { LastName: 'gone', Email: 'a@x.co', IsDeleted: true }, 4);
});

describe('a condition', () => {
  it('compares text without case, and an empty field is unequal to any value', () => {
    expect(leads("LastName = 'A'")).toBe('a');
    expect(leads("Email != 'A@X.CO'")).toBe('B c');
    expect(leads("Email NOT IN ('a@x.co')")).toBe('B c');
    expect(leads('Email = null')).toBe('c');
    expect(leads('Email != null')).toBe('a B');
    expect(leads("LastName > 'a'")).toBe('B c');
  });

  it('compares numbers and flags; nothing is greater or less than an empty field', () => {
    expect(leads('NumberOfEmployees >= 5')).toBe('a B');
    expect(leads('NumberOfEmployees < 1000')).toBe('a B');
    expect(leads('NumberOfEmployees IN (5, null)')).toBe('a c');
    expect(leads('DoNotCall = true')).toBe('B');
  });

  it('knows the wildcards of LIKE and their escapes', () => {
    expect(leads("Company LIKE '100%'")).toBe('a B');
    expect(leads("Company LIKE '100\\%'")).toBe('a');
    expect(leads("Company LIKE '%_B'")).toBe('c');
    expect(leads("Company LIKE 'a\\_b'")).toBe('c');
    expect(leads("Company LIKE '.*'")).toBe('');
  });

  it('combines with AND, OR and NOT', () => {
    expect(leads("NOT (LastName = 'a' OR LastName = 'b')")).toBe('c');
    expect(leads("(Email = 'a@x.co' OR Email = 'b@x.co') AND (NOT DoNotCall = true)")).toBe('a');
  });

  it('follows references', () => {
    expect(run("SELECT Id FROM Contact WHERE Account.Name = 'acme'")).toEqual(['With']);
    expect(run('SELECT Id FROM Contact WHERE Account.Name = null')).toEqual(['Without']);
    expect(run("SELECT Id FROM Contact WHERE Account.Owner.Name = 'Owner'")).toEqual(['With']);
  });

  it('pages through equal stamps by the pair of stamp and id', () => {
    const [first] = runQuery(prepareQuery(parseQuery('SELECT Id FROM Lead ORDER BY SystemModstamp, Id')), records, {
      deleted: false,
    });
    const id = first && idOf(first);
    const stamp = '2026-01-01T00:00:01Z';
    expect(leads(`(SystemModstamp = ${stamp} AND Id > '${id}') OR SystemModstamp > ${stamp}`)).toBe('B c');
    expect(leads(`SystemModstamp >= ${stamp} AND SystemModstamp < 2026-01-01T00:00:03Z`)).toBe('a B');
  });
});

describe('an answer', () => {
  it('leaves deleted records out, unless all are asked for', () => {
    expect(leads('IsDeleted = true')).toBe('');
    expect(run('SELECT Id FROM Lead WHERE IsDeleted = true', true)).toEqual(['gone']);
  });

  it('is sorted with empty fields first, cut by LIMIT and OFFSET', () => {
    const order = (by: string) => run(`SELECT Id FROM Lead ORDER BY ${by}`).join(' ');
    expect(order('NumberOfEmployees')).toBe('c a B');
    expect(order('NumberOfEmployees DESC')).toBe('c B a');
    expect(order('NumberOfEmployees DESC NULLS LAST')).toBe('B a c');
    expect(order('LastName LIMIT 1 OFFSET 1')).toBe('B');
  });

  it('may be numbers', () => {
    const prepared = prepareQuery(
      parseQuery('SELECT COUNT(Email), SUM(NumberOfEmployees), MAX(LastName) last FROM Lead'),
    );
    expect(aggregated(prepared, runQuery(prepared, records, { deleted: false }), records)).toEqual({
      attributes: { type: 'AggregateResult' },
      expr0: 2,
      expr1: 55,
      last: 'c',
    });
  });
});

describe('a query that does not fit the org', () => {
  it.each([
    ['INVALID_TYPE', 'SELECT Id FROM Nothing'],
    ['INVALID_FIELD', 'SELECT Nothing FROM Lead'],
    ['INVALID_FIELD', 'SELECT Nothing.Name FROM Lead'],
    ['INVALID_FIELD', 'SELECT Owner.Nothing FROM Lead'],
    ['INVALID_FIELD', 'SELECT Id, id FROM Lead'],
    ['INVALID_FIELD', 'SELECT Id FROM Lead WHERE Nothing = 1'],
    ['INVALID_FIELD', 'SELECT Id FROM Lead ORDER BY Nothing'],
    ['INVALID_FIELD', 'SELECT Id FROM Lead WHERE Email = 1'],
    ['INVALID_FIELD', "SELECT Id FROM Lead WHERE SystemModstamp > '2026-01-01T00:00:00Z'"],
    ['INVALID_FIELD', 'SELECT Id FROM Lead WHERE SystemModstamp > 2026-01-01'],
    ['INVALID_FIELD', "SELECT Id FROM Lead WHERE Description = 'long'"],
    ['INVALID_QUERY_FILTER_OPERATOR', "SELECT Id FROM Lead WHERE Id = 'x'"],
    ['INVALID_QUERY_FILTER_OPERATOR', "SELECT Id FROM Lead WHERE IsConverted LIKE 'x'"],
    ['NUMBER_OUTSIDE_VALID_RANGE', 'SELECT Id FROM Lead OFFSET 2001'],
    ['MALFORMED_QUERY', 'SELECT Email, COUNT(Id) FROM Lead'],
  ])('is refused with %s: %s', (code, soql) => {
    expect(refusal(soql)).toBe(code);
  });
});

const value = fc.constantFrom("'a@x.co'", "'b@x.co'", "'none'", 'null');
const stamp = fc.integer({ min: 0, max: 5 }).map((second) => `2026-01-01T00:00:0${second}Z`);
const atom = fc.oneof(
  fc.tuple(fc.constantFrom('=', '!='), value).map(([operator, text]) => `Email ${operator} ${text}`),
  fc.array(value, { minLength: 1, maxLength: 3 }).map((list) => `Email IN (${list})`),
  fc
    .tuple(fc.constantFrom('=', '<', '<=', '>', '>='), stamp)
    .map(([operator, at]) => `SystemModstamp ${operator} ${at}`),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc
      .tuple(fc.constantFrom(' AND ', ' OR '), fc.array(tie('condition'), { minLength: 2, maxLength: 3 }))
      .map(([joint, parts]) => parts.map((part) => `(${part})`).join(joint)),
    tie('condition').map((part) => `NOT (${part})`),
  ),
}));

it('what an index finds is what a look at every record finds', () => {
  fc.assert(
    fc.property(condition, (text) => {
      // Over a field without an index, every record has to be looked at.
      const everywhere = `(${text}) AND (LastName != 'x' OR LastName = null)`;
      const wide = `(${everywhere}) OR LastName = 'nobody'`;
      expect(run(`SELECT Id FROM Lead WHERE ${text}`, true)).toEqual(run(`SELECT Id FROM Lead WHERE ${wide}`, true));
    }),
    { numRuns: 300 },
  );
});
