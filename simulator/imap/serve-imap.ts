import { createServer } from 'node:tls';
import type { Certificates } from '../hosts/certificates.ts';
import type { Listening } from '../server.ts';
import { listenAt } from '../wire/listen.ts';
import { openWire } from '../wire/wire.ts';
import type { World } from '../world.ts';
import { converse } from './conversation.ts';

/** Serves IMAP by TLS, as outlook.office365.com does at port 993. */
export function serveImap(
  world: World,
  place: { readonly host: string; readonly port: number },
  { key, cert }: Pick<Certificates, 'key' | 'cert'>,
): Promise<Listening> {
  const server = createServer({ key, cert }, (socket) => {
    socket.on('error', () => socket.destroy());
    void converse(world, openWire(socket))
      .then(() => socket.end())
      .catch((error: unknown) => {
        console.error(error);
        socket.destroy();
      });
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return listenAt(server, place);
}
