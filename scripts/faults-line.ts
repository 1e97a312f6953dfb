import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The line between Portico and its PostgreSQL, which can be cut, mended and slowed down. */
export interface Line {
  /** The URL of the database at this end of the line. */
  url: string;
  /** Ends every connection and takes no new ones: as when the database server is stopped. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Holds back what the database says by so many milliseconds. */
  slow(ms: number): void;
  /** Crashes the database server itself and starts it again after so many milliseconds. */
  crash(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a line to a PostgreSQL; `crash` is that server's. */
export async function openLine(databaseUrl: string, crash: Line['crash']): Promise<Line> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let delay = 0;
  const server = createServer((near) => {
    const far = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    near.setNoDelay(true);
    near.on('data', (chunk) => far.write(chunk));
    // In their order, however the delay changes meanwhile.
    far.on('data', (chunk) => (delay === 0 ? near.write(chunk) : setTimeout(() => near.write(chunk), delay)));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    url: url.href,
    cut,
    mend: () => listen(port),
    slow: (ms) => {
      delay = ms;
    },
    crash,
    close: cut,
  };
}
