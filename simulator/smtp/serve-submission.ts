import { createServer } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificates } from '../hosts/certificates.ts';
import type { Listening } from '../server.ts';
import { listenAt } from '../wire/listen.ts';
import { openWire } from '../wire/wire.ts';
import type { World } from '../world.ts';
import { type Connections, converse } from './conversation.ts';

/** Serves SMTP submission with STARTTLS, as smtp.office365.com does at port 587. */
export function serveSubmission(
  world: World,
  place: { readonly host: string; readonly port: number },
  { key, cert }: Pick<Certificates, 'key' | 'cert'>,
): Promise<Listening> {
  const connections: Connections = new Map();
  const secureContext = createSecureContext({ key, cert });
  const server = createServer((socket) => {
    const client = `${socket.remoteAddress}:${socket.remotePort}`;
    const plain = openWire(socket);
    const talk = async (): Promise<void> => {
      if ((await converse(world, plain, { secure: false, connections, client })) === 'over') return void socket.end();
      // What came in clear after STARTTLS is dropped with the wire (RFC 3207 §6).
      plain.release();
      const secured = new TLSSocket(socket, { isServer: true, secureContext });
      secured.on('error', () => socket.destroy());
      await converse(world, openWire(secured), { secure: true, connections, client });
      secured.end();
    };
    void talk().catch((error: unknown) => {
      console.error(error);
      socket.destroy();
    });
  });
  return listenAt(server, place);
}
