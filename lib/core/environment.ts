/** The stack does not give a function what its code needs. The log shows the message: nothing in it was typed by a person. */
export class MissingVariable extends Error {
  override readonly name = 'MissingVariable';
}

/** A variable that a capability brings. Its absence is a mistake of the stack, found at the first call. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new MissingVariable(`The function has no variable ${name}: its row lacks a capability`);
  return value;
}

/** The account that this installation is, as HubSpot's portal id. */
export const portalId = (): number => Number(environment('PORTAL_ID'));
