import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { connect, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { microsoftHosts } from './names.ts';

/** The first byte of every TLS connection; no HTTP method begins with it. */
const tlsHandshake = 22;

/**
 * Serves http and https at one port, and is a proxy there that leads Microsoft's names to these two servers and nowhere else
 * (`CONNECT`, RFC 9110 §9.3.6): a program that heeds HTTPS_PROXY then takes this for Microsoft. Targets that are served at
 * another port of this machine are in `elsewhere`.
 */
export function serveAtOnePort(
  plain: HttpServer,
  secure: HttpsServer,
  elsewhere: ReadonlyMap<string, number> = new Map(),
): Server {
  const decide = (socket: Duplex): void => {
    const first: Buffer | null = socket.read(1);
    if (first === null) {
      socket.once('readable', () => decide(socket));
      return;
    }
    socket.off('error', drop).off('end', drop);
    socket.unshift(first);
    (first[0] === tlsHandshake ? secure : plain).emit('connection', socket);
  };
  const take = (socket: Duplex): void => decide(socket.on('error', drop).on('end', drop));
  plain.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const port = elsewhere.get((request.url ?? '').toLowerCase());
    if (port !== undefined) return lead(socket, head, port);
    const refusal = refusalOf(request.url ?? '', [...elsewhere.keys()]);
    if (refusal !== undefined) {
      const fields = ['content-type: text/plain', `content-length: ${Buffer.byteLength(refusal)}`, 'connection: close'];
      socket.end(['HTTP/1.1 502 Bad Gateway', ...fields, '', refusal].join('\r\n'));
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    take(socket);
  });
  return createServer({ allowHalfOpen: true, noDelay: true }, take);
}

const graceMs = 20;

/** Joins a client with a server of this machine. */
function lead(client: Duplex, head: Buffer, port: number): void {
  const onward = connect(port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    onward.write(head);
    client.pipe(onward);
    // Servers of mail speak first, and some clients listen only a moment after they were led on.
    setTimeout(() => onward.pipe(client), graceMs);
  });
  onward.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.on('error', () => onward.destroy()).on('close', () => onward.destroy());
}

function drop(this: Duplex): void {
  this.destroy();
}

/** What is wrong with a target of CONNECT, `host:port`. */
function refusalOf(target: string, elsewhere: readonly string[]): string | undefined {
  const [host = '', port] = target.toLowerCase().split(':');
  if (microsoftHosts.has(host) && (port === '443' || port === '80')) return undefined;
  return `The simulated Microsoft leads nowhere but to itself, and ${target} is none of its names: ${[...microsoftHosts.keys(), ...elsewhere].join(', ')}`;
}
