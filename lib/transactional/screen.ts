import { isAddress, unquotedAddress } from '../mail/address.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import type { Barrier } from '../subscriptions/store.ts';
import type { SendResult, SingleSendInput } from './schema.ts';

/** Who a mail goes to and from; or why it goes to nobody. */
export type Addressed = {
  readonly to: string;
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly from?: { readonly name: string; readonly address: string };
};

/** An address with or without its owner's name before it. */
function addressIn(text: string): { readonly name: string; readonly address: string } {
  const named = /^(.*)<([^<>]+)>\s*$/.exec(text);
  const name = (named?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1');
  return { name, address: normaliseEmail(unquotedAddress(named?.[2] ?? text)) };
}

/**
 * The addresses of a message. SES sends for the domain that was set up and for no other: another sender is refused before SES is asked.
 * `sender` is the account's own.
 */
export function addressed(message: SingleSendInput['message'], sender: string): Addressed | SendResult {
  const to = addressIn(message.to).address;
  const [cc, bcc, replyTo] = [message.cc, message.bcc, message.replyTo].map((list) =>
    (list ?? []).map((text) => addressIn(text).address),
  ) as [string[], string[], string[]];
  if (![to, ...cc, ...bcc, ...replyTo].every(isAddress)) return 'INVALID_TO_ADDRESS';
  const from = message.from === undefined ? undefined : addressIn(message.from);
  if (from && !(isAddress(from.address) && domainOf(from.address) === domainOf(addressIn(sender).address)))
    return 'INVALID_FROM_ADDRESS';
  return { to, cc, bcc, replyTo, ...(from && { from }) };
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/** What keeps a mail from its address: nothing but trouble for one that somebody's own doing asks for, their wishes too for any other. */
export function refusedBy(barrier: Barrier | undefined, { marketing }: { marketing: boolean }): SendResult | undefined {
  switch (barrier) {
    case 'BOUNCED':
      return 'PREVIOUSLY_BOUNCED';
    case 'COMPLAINED':
      return 'PREVIOUS_SPAM';
    case 'UNSUBSCRIBED':
      return marketing ? 'PREVIOUSLY_UNSUBSCRIBED_MESSAGE' : undefined;
    case 'NOT_OPTED_IN':
      return marketing ? 'ADDRESS_OPTED_OUT' : undefined;
    case undefined:
      return undefined;
  }
}
