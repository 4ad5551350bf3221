import { BlockList, isIP, isIPv4 } from 'node:net';

/** IPv4 that is not the public internet: private, loopback, link-local (cloud metadata), shared, test, multicast, reserved. */
const closed = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  closed.addSubnet(network, prefix, 'ipv4');
}

/** Parts of the public IPv6 space that carry an IPv4 address or are for documentation. */
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  closed.addSubnet(network, prefix, 'ipv6');
}

const publicSpace = new BlockList();
publicSpace.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an address is on the public internet. Of IPv6 only the global unicast space is: loopback, link-local, unique local,
 * IPv4-mapped, NAT64 and the metadata address of AWS (`fd00:ec2::254`) are all outside of it.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed.check(address, 'ipv4');
  return isIP(address) === 6 && publicSpace.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}
