import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificates } from './hosts/certificates.ts';
import { serveAtOnePort } from './hosts/one-port.ts';
import type { Answer, Exchange, Outcome } from './http/exchange.ts';

/** A listening server; `port` is for https too, where it speaks that. */
export type Listening = { readonly port: number; readonly close: () => Promise<void> };

/** Largest request body, in bytes: Graph takes about 4 MB in one request, Exchange's own doors whole messages. */
const bodyLimit = 5 * 1024 * 1024;
const exchangeLimit = 64 * 1024 * 1024;

/**
 * Listens on `host` and answers every request with what `answer` makes of it: by http, and by https at the same port where
 * there are `certificates`; the proxy leads to `elsewhere`, too. Rejects with the system's error when the port is taken.
 */
export async function listen(
  answer: (exchange: Exchange) => Promise<Outcome>,
  place: { readonly host: string; readonly port: number },
  certificates?: Pick<Certificates, 'key' | 'cert'>,
  elsewhere?: ReadonlyMap<string, number>,
): Promise<Listening> {
  const handle = (request: IncomingMessage, response: ServerResponse) => void respond(answer, request, response);
  const plain = createServer(handle);
  const secure = certificates === undefined ? undefined : createSecureServer(certificates, handle);
  // Long, for clients that keep connections and do not repeat a POST that met a closing one.
  for (const server of [plain, secure]) if (server !== undefined) server.keepAliveTimeout = 90_000;
  const listening = secure === undefined ? plain : serveAtOnePort(plain, secure, elsewhere);
  const sockets = new Set<Socket>();
  listening.on('connection', (socket: Socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  await new Promise<void>((resolve, reject) => {
    listening.once('error', reject);
    listening.listen(place.port, place.host, resolve);
  });
  return {
    port: readAddress(listening.address()).port,
    close: () =>
      new Promise((resolve) => {
        listening.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function respond(
  answer: (exchange: Exchange) => Promise<Outcome>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await readBody(request);
    const result = body === undefined ? tooLarge : await answer(toExchange(request, response, body));
    if (result === 'cut') return void request.socket.destroy();
    response.writeHead(result.status, outgoing(result.headers)).end(result.body);
  } catch (error) {
    if (response.headersSent || response.destroyed) return;
    console.error(error);
    const fault = { error: { code: 'internal', message: 'The simulator failed; its terminal shows the stack' } };
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(fault));
  }
}

const tooLarge: Answer = {
  status: 413,
  headers: { 'content-type': 'application/json', connection: 'close' },
  body: JSON.stringify({
    error: { code: 'RequestEntityTooLarge', message: 'The body is too large' },
  }),
};

function toExchange(request: IncomingMessage, response: ServerResponse, body: Buffer): Exchange {
  const scheme = 'encrypted' in request.socket ? 'https' : 'http';
  const origin = `${scheme}://${request.headers.host ?? 'localhost'}`;
  const target = request.url ?? '/';
  const url = URL.canParse(target, origin) ? new URL(target, origin) : new URL(origin);
  return {
    method: request.method ?? 'GET',
    url,
    origin: url.origin,
    segments: url.pathname.split('/').slice(1).map(decode),
    headers: request.headers,
    body,
    address: request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1',
    onDone: (callback) => {
      response.once('close', callback);
    },
  };
}

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

function outgoing(headers: Answer['headers'] = {}): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const limit = /^\/(api|ews)\//i.test(request.url ?? '') ? exchangeLimit : bodyLimit;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const piece: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += piece.length;
    if (size > limit) return undefined;
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

function readAddress(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new TypeError('The server does not listen on a TCP port');
  return address;
}
