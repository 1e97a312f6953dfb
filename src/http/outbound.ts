import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { Agent, type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici';

const inward = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  inward.addSubnet(net, prefix, 'ipv4');
}
for (const [net, prefix] of [
  // Beside the loopback and the unspecified address, what holds an IPv4 address: compatible, NAT64 (RFC 6052, RFC 8215), 6to4.
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  inward.addSubnet(net, prefix, 'ipv6');
}

/** The target is an address inside: private, loopback, link-local. */
export class InwardAddress extends Error {
  readonly code = 'INWARD_ADDRESS';

  constructor(host: string, address: string) {
    super(
      `${host} leads to ${address}, an address inside; set PORTICO_ALLOW_PRIVATE_ADDRESSES=true where that is wanted`,
    );
  }
}

/** Whether an address is private, loopback, link-local or otherwise not of the public internet. */
export function isInward(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isInward(mapped);
  return inward.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * A fetch for addresses that people enter. It refuses targets inside at the moment of connecting: the address that was
 * checked is the one connected to, and redirects are not followed. `trusted` origins are exempt.
 */
export function createOutboundFetch(rules: {
  allowPrivate: boolean;
  trusted: readonly string[];
  timeoutMs?: number;
}): typeof globalThis.fetch {
  const { timeoutMs = 30_000 } = rules;
  const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  const connectMs = Math.min(10_000, timeoutMs);
  const open = new Agent({ ...timeouts, connect: { timeout: connectMs } });
  const guarded = new Agent({
    ...timeouts,
    connect: {
      timeout: connectMs,
      lookup: (host, options, callback) => {
        lookUp(host, { ...options, all: true }, (error, addresses) => {
          if (error !== null) return callback(error, [], 0);
          const bad = addresses.find(({ address }) => isInward(address));
          if (bad !== undefined) return callback(new InwardAddress(host, bad.address), [], 0);
          if (options.all === true) return callback(null, addresses);
          const [first] = addresses;
          callback(null, first?.address ?? '', first?.family ?? 4);
        });
      },
    },
  });
  return (async (input: string | URL | Request, init?: RequestInit) => {
    const asked = input instanceof Request ? await asInit(new Request(input, init)) : init;
    const url = new URL(input instanceof Request ? input.url : input);
    const exempt = rules.allowPrivate || rules.trusted.includes(url.origin);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!exempt && isIP(host) !== 0 && isInward(host)) throw new InwardAddress(url.host, host);
    const redirect = asked?.redirect === 'error' ? 'error' : 'manual';
    return undiciFetch(url, { ...asked, redirect, dispatcher: exempt ? open : guarded } as UndiciInit);
  }) as typeof globalThis.fetch;
}

/** A request of Node's own as what undici's takes. */
async function asInit(request: Request): Promise<RequestInit> {
  const { method, headers, redirect, signal } = request;
  const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
  return { method, headers: [...headers], redirect, signal, body };
}
