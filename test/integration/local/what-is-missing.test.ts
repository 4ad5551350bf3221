import { afterEach, describe, expect, test } from 'vitest';
import type { CallReport } from '../../../cdk/local/host/call-counts.ts';
import type { LocalSystem } from '../../../cdk/local/local-system.ts';
import type { FunctionModel, StackModel } from '../../../cdk/local/model.ts';
import type { QueueState } from '../../../cdk/local/pages/state-pages.ts';
import { hubspot } from '../../support/hubspot.ts';
import { api, givenLandingPage, submit, ticketsOf } from '../../support/landing-page.ts';
import { testLocal } from '../../support/local.ts';
import { settle } from '../../support/settle.ts';
import { eventually } from '../../support/wait.ts';

let local: LocalSystem | undefined;
afterEach(async () => {
  await local?.stop();
  local = undefined;
});

/** The landing page's system with one thing changed, and what a visitor's submission comes to in it. */
async function story(edit?: (model: StackModel) => StackModel) {
  const system = await testLocal(edit && { edit });
  local = system;
  const client = hubspot(system);
  const page = await givenLandingPage(system, client);
  const answer = await submit(system, page, { email: 'tanaka@example.co.jp', lastname: '田中' });
  return { system, page, answer, tickets: () => ticketsOf(client, page), contacts: () => client.crm.contacts.getAll() };
}

/** Waits until nothing moves any more, so that what is not there by then will not come. */
const quiet = ({ localUrl }: LocalSystem) =>
  eventually('an idle system', async () => (await fetch(`${localUrl}/idle`, { method: 'POST' })).ok, 30_000);

const callsOf = async ({ localUrl }: LocalSystem) =>
  (await (await fetch(`${localUrl}/calls`, { headers: { accept: 'application/json' } })).json()) as CallReport;

const deadLettersOf = async ({ localUrl }: LocalSystem) =>
  (
    (await (await fetch(`${localUrl}/queues`, { headers: { accept: 'application/json' } })).json()) as QueueState[]
  ).filter((queue) => queue.deadLettersOf && queue.visible > 0);

/** The model with one function changed; the change must find what it is to take away. */
function withFunction(model: StackModel, id: string, change: (fn: FunctionModel) => FunctionModel): StackModel {
  const found = model.functions.find((fn) => fn.id === id);
  if (!found) throw new Error(`the stack has no function ${id}`);
  const changed = change(found);
  expect(changed, `nothing to take away from ${id}`).not.toEqual(found);
  return { ...model, functions: model.functions.map((fn) => (fn === found ? changed : fn)) };
}

function without<T>(list: readonly T[], matches: (each: T) => boolean): readonly T[] {
  const rest = list.filter((each) => !matches(each));
  expect(rest).toHaveLength(list.length - 1);
  return rest;
}

describe('a submission of the landing page', () => {
  test('makes a ticket when nothing is missing from the stack', async () => {
    const { system, answer, tickets } = await story();
    expect(answer.status).toBe(200);
    await eventually('the ticket', async () => (await tickets()).length === 1, 10_000);
    expect((await callsOf(system)).denied).toEqual([]);
  });

  test('is refused when the function that takes it may not write to the table', async () => {
    const { system, answer, tickets, contacts } = await story((model) =>
      withFunction(model, 'forms/submit', (fn) => ({
        ...fn,
        policies: fn.policies.filter(({ actions }) => !actions.includes('dynamodb:PutItem')),
      })),
    );
    expect(answer.status).toBe(500);
    await quiet(system);
    expect(await tickets()).toEqual([]);
    expect(await contacts()).toEqual([]);
    const { denied } = await callsOf(system);
    expect(denied).toContainEqual(
      expect.objectContaining({
        function: 'forms/submit',
        action: expect.stringMatching(/^dynamodb:(Put|Update)Item$/),
      }),
    );
  });

  test('makes no ticket when no rule leads from the submission to the flows', async () => {
    const { system, answer, tickets, contacts } = await story((model) => ({
      ...model,
      rules: without(
        model.rules,
        ({ pattern, targets }) =>
          JSON.stringify(pattern ?? {}).includes('form.submitted') &&
          targets.some(({ arn }) => arn.endsWith(':tsunagi-flows-enroll-events')),
      ),
    }));
    expect(answer.status).toBe(200);
    await quiet(system);
    expect(await tickets()).toEqual([]);
    expect(await contacts()).toHaveLength(1);
  });

  test('makes no ticket, and the log says why, when the enrolment does not know where its steps go', async () => {
    const variable = 'QUEUE_FLOW_STEPS_URL';
    const { system, answer, tickets } = await story((model) =>
      withFunction(model, 'flows/enroll', ({ environment: { [variable]: _, ...environment }, ...fn }) => ({
        ...fn,
        environment,
      })),
    );
    expect(answer.status).toBe(200);
    const line = await eventually('the error in the log', async () =>
      system.log().find((each) => each.includes('flows/enroll') && each.includes('unexpected error')),
    );
    expect(line).toContain(variable);

    await settle(system);
    expect(await tickets()).toEqual([]);
    expect(await deadLettersOf(system)).toContainEqual(
      expect.objectContaining({ visible: 1, deadLettersOf: ['tsunagi-flows-enroll-events'] }),
    );
  });

  test('finds nobody when its route is missing', async () => {
    const routeKey = 'POST /submissions/v3/integration/submit/{portalId}/{formGuid}';
    const { system, page, answer, tickets } = await story((model) => ({
      ...model,
      routes: without(model.routes, (route) => route.routeKey === routeKey),
    }));
    // Localhost serves both APIs on one port, so the visitor comes to the other one's answer for unknown paths, which wants a token.
    expect(answer).toMatchObject({ status: 401, body: { category: 'INVALID_AUTHENTICATION' } });
    const asAdministrator = api(
      system,
      'POST',
      `/submissions/v3/integration/submit/${system.portalId}/${page.formId}`,
      {},
    );
    await expect(asAdministrator).rejects.toThrow(/: 404 /);
    expect(await tickets()).toEqual([]);
  });
});
