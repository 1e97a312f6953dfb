import type { IncomingMessage } from 'node:http';

/** What a door looks at of a request: a `Request` is one, and so is what `askedOf` makes of Node's own. */
export interface Asked {
  method: string;
  url: string;
  headers: Pick<Headers, 'get'>;
  body: AsyncIterable<Uint8Array> | null;
}

/** What a door answers, for who writes it to the wire. */
export interface Reply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** Node's own request as a door looks at it: where there are thousands a second, a `Request` would cost as much as the rest. */
export function askedOf(incoming: IncomingMessage): Asked {
  const { method = 'GET', headers } = incoming;
  const isEmpty = method === 'GET' || method === 'HEAD';
  return {
    method,
    url: `http://localhost${incoming.url ?? '/'}`,
    headers: {
      get: (name) => {
        const value = headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      },
    },
    // Whoever stops reading has yet to answer over the same connection.
    body: isEmpty ? null : incoming.iterator({ destroyOnReturn: false }),
  };
}
