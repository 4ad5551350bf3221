import type * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { timelineTemplateKey, timelineTemplatePartition } from '../table/app-event-keys.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import {
  StoredTemplate,
  type TemplateInput,
  type TemplateUpdate,
  type Token,
  type TokenInput,
  type TokenUpdate,
} from './schema.ts';

/** HubSpot's limit for one app. */
const mostTemplates = 750;
const mostTokens = 500;

const unknown = (what: string, id: string) => new CrmError('OBJECT_NOT_FOUND', `No ${what} exists with ID '${id}'`);

/** The templates of an app in the order of their making. */
export async function listTemplates(app: App, appId: string): Promise<StoredTemplate[]> {
  const all = await app.table.all({ pk: timelineTemplatePartition, prefix: 'template#' }, StoredTemplate);
  return all.filter((template) => template.appId === appId);
}

/** @throws CrmError 404; a template of another app is not there either */
export async function readTemplate(app: App, id: string, appId?: string): Promise<StoredTemplate> {
  const found = await app.table.get(timelineTemplateKey(id), StoredTemplate);
  if (!found || (appId !== undefined && found.appId !== appId)) throw unknown('event template', id);
  return found;
}

export async function createTemplate(app: App, appId: string, input: z.output<typeof TemplateInput>) {
  if ((await listTemplates(app, appId)).length >= mostTemplates)
    throw new CrmError('VALIDATION_ERROR', `An app can have at most ${mostTemplates} event templates`);
  const type = await loadObjectType(app, input.objectType);
  const now = app.now();
  const template: StoredTemplate = {
    ...input,
    tokens: distinct(input.tokens).map((token) => ({ ...token, createdAt: now, updatedAt: now })),
    id: app.newId(),
    appId,
    objectType: type.name,
    objectTypeId: type.objectTypeId,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  await commitOrThrow(app.table, [
    orStale({ put: { ...timelineTemplateKey(template.id), ...template }, when: absent }),
  ]);
  return template;
}

/** Replaces name, texts and tokens; the object type of a template never changes. */
export const updateTemplate = (app: App, appId: string, id: string, input: z.output<typeof TemplateUpdate>) =>
  changing(app, appId, id, (before, now) => {
    const { headerTemplate: _, detailTemplate: __, ...rest } = before;
    const tokens = distinct(input.tokens).map((token) => {
      const known = before.tokens.find(({ name }) => name === token.name);
      return { ...token, createdAt: known?.createdAt ?? now, updatedAt: now };
    });
    return { ...rest, ...input, id, tokens };
  });

/** Deletes a template. Events that were told by it stay in the logs of their records. */
export async function removeTemplate(app: App, appId: string, id: string): Promise<void> {
  const found = await app.table.get(timelineTemplateKey(id), StoredTemplate);
  if (found?.appId === appId) await app.table.commit([{ remove: timelineTemplateKey(id) }]);
}

export const addToken = (app: App, appId: string, id: string, input: z.output<typeof TokenInput>): Promise<Token> =>
  changingToken(app, { appId, id, name: input.name }, ({ tokens }, now) => {
    if (tokens.some(({ name }) => name === input.name))
      throw new CrmError('CONFLICT', `The template has a token ${input.name} already`);
    if (tokens.length >= mostTokens)
      throw new CrmError('VALIDATION_ERROR', `A template can have at most ${mostTokens} tokens`);
    return [...tokens, { ...input, createdAt: now, updatedAt: now }];
  });

type TokenRef = { readonly appId: string; readonly id: string; readonly name: string };

export const updateToken = (app: App, ref: TokenRef, input: z.output<typeof TokenUpdate>): Promise<Token> =>
  changingToken(app, ref, ({ tokens }, now) => {
    if (!tokens.some(({ name }) => name === ref.name)) throw unknown('token', ref.name);
    return tokens.map((token) => (token.name === ref.name ? { ...token, ...input, updatedAt: now } : token));
  });

/** Takes a token out of a template. One that is not there is no error. */
export const removeToken = (app: App, { appId, id, name }: TokenRef): Promise<StoredTemplate> =>
  changing(app, appId, id, (before) => ({ ...before, tokens: before.tokens.filter((token) => token.name !== name) }));

async function changingToken(
  app: App,
  { appId, id, name }: TokenRef,
  decide: (template: StoredTemplate, now: string) => Token[],
): Promise<Token> {
  const { tokens } = await changing(app, appId, id, (before, now) => ({ ...before, tokens: decide(before, now) }));
  const token = tokens.find((each) => each.name === name);
  if (!token) throw unknown('token', name);
  return token;
}

const changing = (
  app: App,
  appId: string,
  id: string,
  decide: (template: StoredTemplate, now: string) => StoredTemplate,
): Promise<StoredTemplate> =>
  contend(async () => {
    const before = await readTemplate(app, id, appId);
    const now = app.now();
    const after = { ...decide(before, now), updatedAt: now, version: before.version + 1 };
    await commitOrThrow(app.table, [
      orStale({ put: { ...timelineTemplateKey(id), ...after }, when: versionIs(before.version) }),
    ]);
    return after;
  });

function distinct<T extends { readonly name: string }>(tokens: readonly T[]): readonly T[] {
  const twice = tokens.find(({ name }, position) => tokens.findIndex((other) => other.name === name) !== position);
  if (twice) throw new CrmError('VALIDATION_ERROR', `The token ${twice.name} is named twice`);
  return tokens;
}
