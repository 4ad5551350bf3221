import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { forgetDefinitions } from '../objects/definition-cache.ts';
import { absent, present } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { labelKey, uniqueKey } from '../table/keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { drawLabelIds, type LabelInput, labelsPerPair, newLabel, requireOwnLabel } from './labels.ts';
import { loadAssociationTypes } from './type-store.ts';
import type { AssociationType } from './types.ts';

type ObjectTypes = { readonly fromObjectType: string; readonly toObjectType: string };

const nameKey = ({
  fromObjectType,
  toObjectType,
  name,
}: Pick<AssociationType, 'fromObjectType' | 'toObjectType' | 'name'>) =>
  uniqueKey('label', `${fromObjectType}#${toObjectType}`, name.toLowerCase());

const rowStep = ({ isDefault: _, ...label }: AssociationType, when: typeof absent): Step =>
  orStale({
    put: { ...labelKey(label.fromObjectType, label.toObjectType, label.typeId), entity: 'label', ...label },
    when,
  });

/** Makes a label for pairs of two object types. @throws CrmError 400 for a pair without associations, 409 for a name that is taken */
export const createLabel = (app: App, pair: ObjectTypes, input: LabelInput): Promise<AssociationType[]> =>
  contend(async () => {
    const known = await loadAssociationTypes(app, { fresh: true });
    known.default(pair.fromObjectType, pair.toObjectType);
    if (known.between(pair.fromObjectType, pair.toObjectType).length >= labelsPerPair) {
      throw new CrmError('VALIDATION_ERROR', `Two object types can have at most ${labelsPerPair} association types`);
    }
    const ids = drawLabelIds();
    if (ids.some((typeId) => known.byId(typeId))) throw new StaleRead('The type id is taken');
    const types = newLabel(pair, input, ids);
    const names = types.map(
      (type): Step => ({
        write: { put: { ...nameKey(type), entity: 'unique', id: String(type.typeId) }, when: absent },
        refused: () => new CrmError('CONFLICT', `An association label with the name ${type.name} already exists`),
      }),
    );
    await commitOrThrow(app.table, [...types.map((type) => rowStep(type, absent)), ...names]);
    forgetDefinitions('associations');
    return types;
  });

/** Words a label anew, on both sides when the other side's word is given. */
export const renameLabel = (
  app: App,
  pair: ObjectTypes,
  {
    associationTypeId,
    label,
    inverseLabel,
  }: { associationTypeId: number; label: string; inverseLabel?: string | undefined },
): Promise<void> =>
  contend(async () => {
    const { here, there } = await bothSides(app, pair, associationTypeId);
    const renamed = [
      { ...here, label },
      ...(there && inverseLabel !== undefined ? [{ ...there, label: inverseLabel }] : []),
    ];
    await commitOrThrow(
      app.table,
      renamed.map((type) => rowStep(type, present)),
    );
    forgetDefinitions('associations');
  });

/** Deletes a label on both sides. Pairs keep being associated; they do not show it any more. */
export async function deleteLabel(app: App, pair: ObjectTypes, typeId: number): Promise<void> {
  const { here, there } = await bothSides(app, pair, typeId);
  const sides = there ? [here, there] : [here];
  const steps = sides.flatMap((type) => [
    orStale({ remove: labelKey(type.fromObjectType, type.toObjectType, type.typeId) }),
    orStale({ remove: nameKey(type) }),
  ]);
  await commitOrThrow(app.table, steps);
  forgetDefinitions('associations');
}

async function bothSides(app: App, pair: ObjectTypes, typeId: number) {
  const known = await loadAssociationTypes(app, { fresh: true });
  const here = requireOwnLabel(known.byId(typeId), pair, typeId);
  const there = here.inverseTypeId === typeId ? undefined : known.byId(here.inverseTypeId);
  return { here, there };
}
