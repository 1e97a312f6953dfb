import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on the wire. */
export interface Passing {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly at: number;
}

/** What happens to a request on the wire instead of simply passing. */
export interface Fault {
  /** Answer this, and let nothing through. */
  readonly answer?: { status: number; headers?: Record<string, string>; json?: unknown };
  /** Let it through, and break the connection instead of answering. */
  readonly loseAnswer?: boolean;
  /** Break the connection before it gets through. */
  readonly loseRequest?: boolean;
  /** Let it through, and keep the answer back until what this gives resolves. */
  readonly hold?: () => Promise<unknown>;
}

/** The wire between Portico and a tenant: passes everything on and remembers it, unless told to be faulty. */
export interface Wire {
  readonly url: string;
  readonly passed: Passing[];
  /** The next `times` requests that fit meet the fault. */
  break(fits: (passing: Passing) => boolean, fault: Fault, times?: number): void;
  close(): Promise<void>;
}

/** Lays a wire to a server, on a port of its own. */
export async function layWire(target: string): Promise<Wire> {
  const passed: Passing[] = [];
  const rules: { fits: (passing: Passing) => boolean; fault: Fault; left: number }[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const url = new URL(incoming.url ?? '/', target);
      const passing = { method: incoming.method ?? '', path: decodeURIComponent(url.pathname), at: Date.now() };
      passed.push(passing);
      const rule = rules.find(({ fits, left }) => left > 0 && fits(passing));
      if (rule !== undefined) rule.left -= 1;
      const fault = rule?.fault ?? {};
      const body = await readAll(incoming);
      if (fault.loseRequest) return void incoming.socket.destroy();
      if (fault.answer !== undefined) {
        const { status, headers, json } = fault.answer;
        outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json ?? {}));
        return;
      }
      const answer = await pass(target, incoming, body);
      await fault.hold?.();
      if (fault.loseAnswer) return void incoming.socket.destroy();
      outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    })().catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    break: (fits, fault, times = 1) => {
      rules.push({ fits, fault, left: times });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Requests to send a draft, to make one, and to send directly. */
export const isSend = ({ method, path }: Passing): boolean => method === 'POST' && path.endsWith('/send');
export const isDraft = ({ method, path }: Passing): boolean => method === 'POST' && path.endsWith('/messages');
export const isSendMail = ({ method, path }: Passing): boolean => method === 'POST' && path.endsWith('/sendMail');
export const isDelta = ({ path }: Passing): boolean => path.endsWith('/messages/delta');

interface Answer {
  status: number;
  headers: ServerResponse['req']['headers'];
  body: Buffer;
}

function pass(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, headers, url = '/' } = incoming;
    const request = sendRequest(new URL(url, target), { method: method ?? 'GET', headers }, (response) => {
      readAll(response).then((read) => {
        const { 'transfer-encoding': _, ...kept } = response.headers;
        resolve({ status: response.statusCode ?? 0, headers: kept, body: read });
      }, reject);
    });
    request.once('error', reject);
    request.end(body);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
