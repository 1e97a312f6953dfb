import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A proxy in front of a server that strikes once: when the server has answered the request of that number, method and path,
 * the answer is not passed on, `strike` is called, and the client's connection is cut. What was asked is then committed,
 * and the client does not know.
 */
export async function killBeforeAnswer(
  target: string,
  at: { method: string; path: string; number: number },
  strike: () => void,
): Promise<{ url: string; close(): Promise<void> }> {
  let seen = 0;
  const proxy = createServer((request, response) => {
    const counts = request.method === at.method && (request.url ?? '').split('?')[0]?.endsWith(at.path) === true;
    const upstream = ask(
      new URL(request.url ?? '/', target),
      { method: request.method, headers: request.headers },
      (answer) => {
        if (counts && ++seen === at.number) {
          strike();
          request.socket.destroy();
          answer.resume();
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    upstream.on('error', () => request.socket.destroy());
    request.pipe(upstream);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(proxy.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}
