import type { App } from '../../core/app.ts';
import { CrmError } from '../../core/errors.ts';

export async function checkFilterBranch(_: App, __: string, branch: Record<string, unknown>): Promise<void> {
  if (branch.filterBranchType === undefined) throw new CrmError('VALIDATION_ERROR', 'filterBranchType is required');
}
