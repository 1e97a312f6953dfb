import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { decode, encode } from 'dns-packet';

/** A DNS server of TXT records, and a resolver that asks it. */
export interface DnsServer {
  /** The records by their names; a name that is not there does not exist. */
  records: Map<string, string[]>;
  /** Whether it fails at every question (SERVFAIL). */
  fails: boolean;
  resolver: Resolver;
  close(): Promise<void>;
}

/** Starts a DNS server on UDP. */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  const server: DnsServer = {
    records: new Map(),
    fails: false,
    resolver,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on('message', (message, { address, port }) => {
    const { id, questions = [] } = decode(message);
    const texts = questions.flatMap(({ name }) => server.records.get(name.toLowerCase()) ?? []);
    const [name = ''] = questions.map((it) => it.name);
    // 0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN (RFC 1035 §4.1.1).
    const code = server.fails ? 2 : texts.length === 0 ? 3 : 0;
    const answer = encode({
      type: 'response',
      id: id ?? 0,
      flags: code,
      questions,
      answers: server.fails ? [] : texts.map((data) => ({ type: 'TXT' as const, name, ttl: 1, data })),
    });
    socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return server;
}
