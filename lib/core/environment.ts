/** A variable that a capability brings. Its absence is a mistake of the stack, found at the first call. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The function has no variable ${name}: its row lacks a capability`);
  return value;
}

/** The account that this installation is, as HubSpot's portal id. */
export const portalId = (): number => Number(environment('PORTAL_ID'));
