import { key, L, M, N, S } from '../../../support/dynamodb-values.ts';
import { type Case, invalid } from '../case.ts';

type Row = readonly [
  expression: string,
  values: Record<string, unknown> | undefined,
  expected: boolean | string,
  names?: Record<string, string>,
];

export const richItem = {
  ...key('conditions'),
  a: S('hello'),
  n: N(5),
  l: L(N(1), S('x'), M({ q: N(3) }), N(4)),
  m: M({ x: N(1), y: S('yy'), deep: M({ z: N(9) }) }),
  ss: { SS: ['a', 'b'] },
  ns: { NS: ['1', '2'] },
  bs: { BS: ['AQ=='] },
  b: { B: 'AQID' },
  t: { BOOL: true },
  nul: { NULL: true },
  jp: S('日本語'),
};

const comparisons: readonly Row[] = [
  ['n = :v', { ':v': N('5.00') }, true],
  ['n <> :v', { ':v': N(5) }, false],
  ['a <> :v', { ':v': N(1) }, true],
  ['a < :v', { ':v': N(1) }, false],
  ['a >= :v', { ':v': S('hello') }, true],
  ['a > :v', { ':v': S('hellp') }, false],
  ['n > :v', { ':v': N(-10) }, true],
  ['n < :v', { ':v': N('1E10') }, true],
  ['b > :v', { ':v': { B: 'AQE=' } }, true],
  ['mm = :v', { ':v': N(1) }, false],
  ['mm <> :v', { ':v': N(1) }, true],
  ['NOT mm = :v', { ':v': N(1) }, true],
  ['mm < :v', { ':v': N(1) }, false],
  ['mm = mn', undefined, false],
  ['mm <> mn', undefined, true],
  [':v = n', { ':v': N(5) }, true],
  [':v < :w', { ':v': N(5), ':w': S('a') }, false],
  ['ss = :v', { ':v': { SS: ['b', 'a'] } }, true],
  ['ns = :v', { ':v': { NS: ['2.0', '1'] } }, true],
  ['m = :v', { ':v': richItem.m }, true],
  ['l = :v', { ':v': richItem.l }, true],
  ['nul = :v', { ':v': { NULL: true } }, true],
  ['l[2].q = :v', { ':v': N(3) }, true],
  ['#m.#x = :v', { ':v': N(1) }, true, { '#m': 'm', '#x': 'x' }],
  ['#m = :v', { ':v': N(1) }, false, { '#m': 'm.x' }],
  ['n BETWEEN :v AND :w AND a = :s', { ':v': N(5), ':w': N(6), ':s': S('hello') }, true],
  ['mm BETWEEN :v AND :v', { ':v': N(1) }, false],
  ['n IN (:a, :b)', { ':a': N(6), ':b': N('5.0') }, true],
  ['n IN (:a)', { ':a': S('5') }, false],
  ['NOT mm IN (:v)', { ':v': N(1) }, true],
  ['a = :v or b = :v and c = :v', { ':v': S('hello') }, true],
  ['(a = :v or b = :v) and c = :v', { ':v': S('hello') }, false],
  ['not not a = :v', { ':v': S('hello') }, true],
  ['a = :v AND (NOT attribute_exists(q) OR n > :n)', { ':v': S('hello'), ':n': N(1) }, true],
  ['((a = :v) AND (attribute_exists(n)))', { ':v': S('hello') }, true],
  ['(n) = :v', { ':v': N(5) }, true],
  [' m . x = :v\n', { ':v': N(1) }, true],
];

const functions: readonly Row[] = [
  ['attribute_exists(a)', undefined, true],
  ['attribute_exists(m.deep.z)', undefined, true],
  ['attribute_exists(l[9])', undefined, false],
  ['attribute_exists(a.b)', undefined, false],
  ['attribute_not_exists(zz)', undefined, true],
  ['attribute_type(nul, :v)', { ':v': S('NULL') }, true],
  ['attribute_type(a, :v)', { ':v': S('N') }, false],
  ['begins_with(a, :v)', { ':v': S('he') }, true],
  ['begins_with(b, :v)', { ':v': { B: 'AQ==' } }, true],
  ['begins_with(:v, a)', { ':v': S('hello w') }, true],
  ['begins_with(n, :v)', { ':v': S('5') }, false],
  ['contains(a, :v)', { ':v': S('ell') }, true],
  ['contains(ss, :v)', { ':v': S('a') }, true],
  ['contains(ns, :v)', { ':v': N('2.0') }, true],
  ['contains(bs, :v)', { ':v': { B: 'AQ==' } }, true],
  ['contains(b, :v)', { ':v': { B: 'AgM=' } }, true],
  ['contains(l, :v)', { ':v': M({ q: N(3) }) }, true],
  ['contains(m, :v)', { ':v': S('x') }, false],
  ['contains(a, :v)', { ':v': N(5) }, false],
  ['size(a) = :v', { ':v': N(5) }, true],
  ['size(jp) = :v', { ':v': N(3) }, true],
  ['size(b) = :v', { ':v': N(3) }, true],
  ['size(l) = :v', { ':v': N(4) }, true],
  ['size(m) BETWEEN :v AND :w', { ':v': N(3), ':w': N(3) }, true],
  ['size(ss) IN (:v)', { ':v': N(2) }, true],
  ['size(n) > :v', { ':v': N(0) }, false],
  ['size(mm) <> :v', { ':v': N(0) }, true],
  ['size(a) = size(jp)', undefined, false],
];

const refused: readonly Row[] = [
  ['', undefined, 'The expression can not be empty;'],
  ['a = :v AND', { ':v': N(1) }, 'Syntax error; token: "<EOF>", near: "AND"'],
  ['((a = :v)', { ':v': N(1) }, 'Syntax error; token: "<EOF>", near: ")"'],
  ['((a = :v))', { ':v': N(1) }, 'The expression has redundant parentheses;'],
  ['a % :v', { ':v': N(1) }, 'Syntax error; token: "%", near: "a % :v"'],
  ['l[-1] = :v', { ':v': N(1) }, 'Syntax error; token: "-", near: "[-1"'],
  ['a = :v = :v', { ':v': N(1) }, 'Syntax error; token: "=", near: ":v = :v"'],
  ['(n = :v) = :v', { ':v': N(1) }, 'Syntax error; token: "=", near: ") = :v"'],
  ['a', undefined, 'Syntax error; token: "<EOF>", near: "a"'],
  ['a IN ()', undefined, 'Syntax error; token: ")", near: "()"'],
  ['name = :v', { ':v': N(1) }, 'Attribute name is a reserved keyword; reserved keyword: name'],
  ['foo(a)', undefined, 'Invalid function name; function: foo'],
  ['size(a)', undefined, 'The function is not allowed to be used this way in an expression; function: size'],
  [
    'contains(a)',
    undefined,
    'Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1',
  ],
  [
    'a = a',
    undefined,
    'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]',
  ],
  [
    'a IN (b, a)',
    undefined,
    'The first operand must be distinct from the remaining operands for this operator or function; operator: IN, first operand: [a]',
  ],
  [
    '#n = :v',
    { ':v': N(1) },
    'An expression attribute name used in the document path is not defined; attribute name: #n',
  ],
  ['a = :w', { ':v': N(1) }, 'An expression attribute value used in expression is not defined; attribute value: :w'],
  [
    'attribute_exists(:v)',
    { ':v': N(1) },
    'Operator or function requires a document path; operator or function: attribute_exists',
  ],
  [
    'begins_with(a, :v)',
    { ':v': N(1) },
    'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
  ],
  [
    'ss < :v',
    { ':v': { SS: ['a'] } },
    'Incorrect operand type for operator or function; operator or function: <, operand type: SS',
  ],
  [
    'size(:v) > :v',
    { ':v': N(1) },
    'Incorrect operand type for operator or function; operator or function: size, operand type: N',
  ],
  [
    'n BETWEEN :a AND :b',
    { ':a': N(6), ':b': N(2) },
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:2}',
  ],
  [
    'n BETWEEN :a AND :b',
    { ':a': S('1'), ':b': N(2) },
    'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {S:1}, upper bound operand: AttributeValue: {N:2}',
  ],
  [
    `a = :v ${'OR a = :v '.repeat(410)}`,
    { ':v': N(1) },
    'Expression size has exceeded the maximum allowed size; expression size: 4107',
  ],
];

/** Errors of the two maps that come with an expression; their text has no prefix. */
const maps: readonly Row[] = [
  ['a = :v', {}, 'ExpressionAttributeValues must not be empty'],
  ['a = b', undefined, 'ExpressionAttributeNames must not be empty', {}],
  ['a = :v', { v: N(1) }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'],
  ['#a = b', undefined, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"', { a: 'x' }],
  [
    'a = :v',
    { ':v': N(1), ':w': N(2) },
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
  ],
  ['a = b', undefined, 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}', { '#x': 'a' }],
  [
    'a = :v',
    { ':v': { SS: [] } },
    'ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty for key :v',
  ],
];

function toCase([expression, values, expected, names]: Row, prefix = ''): Case {
  const shown = expression.length > 60 ? `${expression.slice(0, 60)}…` : expression;
  return {
    name: `condition ${shown} ${JSON.stringify(values ?? {}).slice(0, 80)}`,
    run: async (call) => {
      await call('PutItem', { TableName: 'main', Item: richItem });
      const answer = await call('DeleteItem', {
        TableName: 'main',
        Key: key('conditions'),
        ConditionExpression: expression,
        ExpressionAttributeValues: values,
        ExpressionAttributeNames: names,
      });
      if ('ok' in answer) return true;
      if (answer.error === 'ConditionalCheckFailedException') return false;
      return { error: answer.error, message: answer.message };
    },
    expected: typeof expected === 'string' ? invalid(prefix + expected) : expected,
  };
}

export const conditionCases: readonly Case[] = [
  ...[...comparisons, ...functions].map((row) => toCase(row)),
  ...refused.map((row) => toCase(row, 'Invalid ConditionExpression: ')),
  ...maps.map((row) => toCase(row)),
];
