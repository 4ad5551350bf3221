import type { Action } from './actions.ts';
import { CapacityMeter, type Stored } from './capacity.ts';
import { validation } from './errors.ts';
import { project } from './expression/project.ts';
import { capacityMode } from './request.ts';
import { decide, readWrite, type Write } from './write.ts';

const RETURN_VALUES: Readonly<Record<string, readonly string[]>> = {
  put: ['NONE', 'ALL_OLD'],
  delete: ['NONE', 'ALL_OLD'],
  update: ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'],
};

/** The `Attributes` member of the answer; absent when there is nothing to show. */
function returned(mode: unknown, write: Write, before?: Stored, after?: Stored): Record<string, unknown> {
  const shown = mode === 'ALL_OLD' || mode === 'UPDATED_OLD' ? before : mode === 'NONE' || !mode ? undefined : after;
  if (!shown) return {};
  if (mode === 'ALL_OLD' || mode === 'ALL_NEW') return { Attributes: shown.item };
  const part = project(
    shown.item,
    write.actions.map((action) => action.path),
  );
  return Object.keys(part).length > 0 ? { Attributes: part } : {};
}

function writeAction(kind: 'put' | 'update' | 'delete'): Action {
  return ({ storage, commit }, body) => {
    const mode = body.ReturnValues ?? 'NONE';
    if (!RETURN_VALUES[kind]?.includes(String(mode))) throw validation('Return values set to invalid value');
    const write = readWrite(storage, kind, body);
    const { change, changed } = decide(write);
    if (changed) commit([change]);
    const meter = new CapacityMeter(capacityMode(body));
    meter.write(change.table.definition, change.before, change.after);
    return { ...returned(mode, write, change.before, change.after), ...meter.single() };
  };
}

export const putItem = writeAction('put');
export const updateItem = writeAction('update');
export const deleteItem = writeAction('delete');
