import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '#config';

/** Where a request came from: what events and limits go by. */
export interface Source {
  requestId: string;
  address: string;
  userAgent: string | null;
}

/** What is looked at of Node's request. */
export interface Incoming {
  socket: { remoteAddress?: string | undefined };
  headers: IncomingHttpHeaders;
}

/**
 * The source of a request. A forwarded address counts only from a trusted proxy, and only the last one that no trusted
 * proxy added.
 */
export function sourceOf(incoming: Incoming, config: Pick<Config, 'trustedProxies'>, now: () => number): Source {
  let address = plain(incoming.socket.remoteAddress ?? '');
  const forwarded = String(incoming.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => plain(part.trim()));
  while (config.trustedProxies.includes(address)) {
    const before = forwarded.pop();
    if (before === undefined || before === '') break;
    address = before;
  }
  return {
    requestId: newRequestId(now()),
    address,
    userAgent: incoming.headers['user-agent']?.slice(0, 300) ?? null,
  };
}

/** A UUIDv7 (RFC 9562 §5.7): the time in it, epoch milliseconds, is where what the request left behind is looked for. */
function newRequestId(now: number): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

/** Answers requests below one prefix. */
export type Door = (request: Request, source: Source) => Promise<Response>;
