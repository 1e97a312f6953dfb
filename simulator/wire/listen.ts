import type { AddressInfo, Server, Socket } from 'node:net';
import type { Listening } from '../server.ts';

/** Listens on a TCP port, 0 takes a free one. Rejects with the system's error when it is taken. Closing cuts all connections. */
export async function listenAt(
  server: Server,
  place: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(place.port, place.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
