import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readObject } from './test-tenant.ts';

/** One request as it came over the wire. */
export type Recorded = {
  readonly method: string;
  /** Path and query, percent-decoded. */
  readonly path: string;
  /** Path and query as they came. */
  readonly rawPath: string;
  readonly authorization: string;
  readonly contentType: string;
  readonly body: Record<string, unknown>;
};

/** What becomes of a request instead of the usual answer. */
export type Mishap = number | 'cutBefore' | 'cutAfter' | 'noAnswer' | undefined;

/** A throw-away SCIM target: it keeps what is posted as it came, and notes every request. */
export type ScimRecorder = {
  readonly url: string;
  readonly requests: Recorded[];
  /** Connections that clients made, and how many of them are open. */
  readonly connections: { made: number; open: number };
  /** Resources by id, users and groups together. */
  readonly resources: Map<string, Record<string, unknown>>;
  /** Decides about each request before it is answered. */
  mishap: (request: Recorded) => Mishap;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Starts a recorder. */
export async function startScimRecorder(): Promise<ScimRecorder> {
  const resources = new Map<string, Record<string, unknown>>();
  const requests: Recorded[] = [];
  const connections = { made: 0, open: 0 };
  let count = 0;
  const server = createServer(async (incoming, response) => {
    let text = '';
    for await (const chunk of incoming) text += String(chunk);
    const rawPath = incoming.url ?? '';
    const recorded: Recorded = {
      method: incoming.method ?? '',
      path: decodeURIComponent(rawPath),
      rawPath,
      authorization: incoming.headers.authorization ?? '',
      contentType: incoming.headers['content-type'] ?? '',
      body: readObject(text),
    };
    requests.push(recorded);
    const mishap = recorder.mishap(recorded);
    if (mishap === 'noAnswer') return;
    if (mishap === 'cutBefore') return void incoming.socket.destroy();
    const [status, body] =
      typeof mishap === 'number' ? [mishap, { status: `${mishap}`, detail: 'mishap' }] : answer(recorded);
    if (mishap === 'cutAfter') return void incoming.socket.destroy();
    response
      .writeHead(status, { 'content-type': 'application/scim+json' })
      .end(status === 204 ? undefined : JSON.stringify(body));
  });
  server.on('connection', (socket) => {
    connections.made += 1;
    connections.open += 1;
    socket.once('close', () => {
      connections.open -= 1;
    });
  });
  const answer = (request: Recorded): [number, unknown] => {
    const [, type = '', id = ''] = request.path.split('?', 1)[0]?.split('/').slice(1) ?? [];
    if (request.method === 'POST') {
      const made = { ...request.body, id: `t${++count}`, resourceType: type };
      resources.set(made.id, made);
      return [201, made];
    }
    if (request.method === 'GET' && id === '') return [200, list(type, request.path)];
    const resource = resources.get(id);
    if (resource === undefined) return [404, { status: '404', detail: 'gone' }];
    if (request.method === 'DELETE') resources.delete(id);
    if (request.method === 'PATCH') applyPatch(resource, request.body['Operations']);
    return request.method === 'DELETE' ? [204, undefined] : [200, resource];
  };
  const list = (type: string, path: string): Record<string, unknown> => {
    const [, attribute = '', value = ''] = /filter=(\S+) eq "([^"]*)"(?:&|$)/.exec(path) ?? [];
    const found = [...resources.values()].filter(
      (resource) => resource['resourceType'] === type && resource[attribute] === value,
    );
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: found.length,
      Resources: found,
    };
  };
  const recorder: ScimRecorder = {
    url: '',
    requests,
    connections,
    resources,
    mishap: () => undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(recorder, { url: `http://127.0.0.1:${port}/scim` });
}

/** Applies what the tests read back: plain top-level attributes, in both dialects. */
function applyPatch(resource: Record<string, unknown>, operations: unknown): void {
  for (const operation of Array.isArray(operations) ? operations : []) {
    const { path, value } = operation;
    if (typeof path === 'string' && !/[.[]/.test(path)) resource[path] = value;
    if (path === undefined) Object.assign(resource, value);
  }
}
