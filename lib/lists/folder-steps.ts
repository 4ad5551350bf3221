import type { App } from '../core/app.ts';
import { present } from '../table/conditions.ts';
import { listFolderKey } from '../table/list-keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { folderNotFound } from './errors.ts';

/** The folder counts its lists, so that one with lists is not deleted. No folder: the topmost one, which counts nothing. */
export const enterFolder = (app: App, folderId: string | undefined): Step[] =>
  folderId === undefined
    ? []
    : [
        {
          write: {
            update: listFolderKey(folderId),
            add: { lists: 1 },
            set: { updatedContentsAt: app.now() },
            when: present,
          },
          refused: () => folderNotFound(folderId),
        },
      ];

export const leaveFolder = (app: App, folderId: string | undefined): Step[] =>
  folderId === undefined
    ? []
    : [
        orStale({
          update: listFolderKey(folderId),
          add: { lists: -1 },
          set: { updatedContentsAt: app.now() },
          when: present,
        }),
      ];
