import { isIPv6 } from 'node:net';

/** What a limit goes by in place of an address: whoever has an IPv6 network has all of its 2^64 addresses (RFC 4291 §2.5.4). */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*/, '').split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  // The last two may be written as an IPv4 address.
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length - (tail.includes('.') ? 1 : 0);
  const all = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
