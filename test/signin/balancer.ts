import { createServer, request } from 'node:http';

/** A load balancer that knows no sessions: each request goes to the next machine. */
export interface Balancer {
  /** How many requests each machine got. */
  counts: readonly number[];
  close(): Promise<void>;
}

/** Listens on a port of this machine and passes on to others. */
export async function startBalancer(port: number, machines: readonly number[]): Promise<Balancer> {
  const counts = machines.map(() => 0);
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const index = turn++ % machines.length;
    counts[index] = (counts[index] ?? 0) + 1;
    const { method, url, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: machines[index], method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(port, resolve));
  return {
    counts,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
