import { CrmError } from '../core/errors.ts';

type Given = Readonly<Record<string, string | number | boolean>>;

const deals = '0-3';
const tickets = '0-5';

/** A stage's metadata as HubSpot returns it: strings, with `isClosed` said in any case. Deals must have a probability. */
export function stageMetadata(objectTypeId: string, given: Given): Record<string, string> {
  const metadata = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
  if (objectTypeId === deals) return dealMetadata(metadata);
  if (objectTypeId === tickets) return ticketMetadata(metadata);
  return { ...metadata, isClosed: metadata.isClosed ?? 'false' };
}

function dealMetadata(metadata: Record<string, string>): Record<string, string> {
  const chance = Number(metadata.probability?.trim() || 'none');
  if (!(chance >= 0 && chance <= 1)) {
    throw invalid('A deal stage needs metadata.probability, a number between 0.0 and 1.0', 'probability');
  }
  const probability = Number.isInteger(chance) ? chance.toFixed(1) : String(chance);
  return { ...metadata, probability, isClosed: metadata.isClosed ?? String(Number.isInteger(chance)) };
}

function ticketMetadata(metadata: Record<string, string>): Record<string, string> {
  const ticketState = metadata.ticketState ?? (metadata.isClosed === 'true' ? 'CLOSED' : 'OPEN');
  if (ticketState !== 'OPEN' && ticketState !== 'CLOSED')
    throw invalid('metadata.ticketState must be OPEN or CLOSED', 'ticketState');
  return { ...metadata, ticketState, isClosed: String(ticketState === 'CLOSED') };
}

const invalid = (message: string, name: string) =>
  new CrmError('VALIDATION_ERROR', message, {
    errors: [{ message, code: 'INVALID_METADATA', in: `metadata.${name}` }],
  });
