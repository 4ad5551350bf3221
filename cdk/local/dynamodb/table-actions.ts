import type { Action } from './actions.ts';
import { validation } from './errors.ts';
import { constraint, optionalText, requiredMap, requiredText } from './request.ts';
import { checkTableName, defineTable, describeTable } from './table-definition.ts';

const MAX_NAMES = 100;

export const createTable: Action = ({ storage, region, now }, body) => {
  const { definition } = storage.create(defineTable(body, now()));
  return { TableDescription: describeTable(definition, region, { items: 0, bytes: 0 }) };
};

export const describe: Action = ({ storage, region }, body) => {
  const name = requiredText(body, 'TableName');
  checkTableName(name);
  const table = storage.table(name);
  return { Table: describeTable(table.definition, region, table.count()) };
};

export const deleteTable: Action = ({ storage, region }, body) => {
  const table = storage.table(requiredText(body, 'TableName'));
  const { definition } = table;
  if (definition.deletionProtection) {
    throw validation(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  const count = table.count();
  storage.drop(definition.name);
  return { TableDescription: describeTable(definition, region, count, 'DELETING') };
};

export const listTables: Action = ({ storage }, body) => {
  const limit = typeof body.Limit === 'number' ? body.Limit : MAX_NAMES;
  if (limit < 1) throw constraint(limit, 'limit', 'have value greater than or equal to 1');
  if (limit > MAX_NAMES) throw constraint(limit, 'limit', 'have value less than or equal to 100');
  const start = optionalText(body, 'ExclusiveStartTableName');
  const names = storage.tableNames().filter((name) => start === undefined || name > start);
  const page = names.slice(0, limit);
  return { TableNames: page, ...(names.length > limit && { LastEvaluatedTableName: page.at(-1) }) };
};

export const updateTimeToLive: Action = ({ storage }, body) => {
  const name = requiredText(body, 'TableName');
  const specification = requiredMap(body, 'TimeToLiveSpecification');
  const attribute = requiredText(specification, 'AttributeName');
  const enabled = specification.Enabled === true;
  const current = storage.table(name).definition.expiryAttribute;
  if (enabled && current !== undefined) throw validation('TimeToLive is already enabled');
  if (!enabled && current === undefined) throw validation('TimeToLive is already disabled');
  if (!enabled && current !== attribute) {
    throw validation(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
  }
  storage.setExpiry(name, enabled ? attribute : undefined);
  return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } };
};

export const describeTimeToLive: Action = ({ storage }, body) => {
  const { expiryAttribute } = storage.table(requiredText(body, 'TableName')).definition;
  return {
    TimeToLiveDescription: expiryAttribute
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: expiryAttribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
};
