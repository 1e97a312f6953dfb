import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { ScimDoor } from '#directory';
import { sourceOf } from '#http';

/** Opens a door of SCIM on a port of its own; gives the origin. */
export async function listen(door: ScimDoor): Promise<{ origin: string; [Symbol.asyncDispose](): Promise<void> }> {
  const listener = getRequestListener(
    (request, { incoming }) => {
      if (!('socket' in incoming)) throw new Error('no socket');
      return door(request, sourceOf(incoming as Parameters<typeof sourceOf>[0], { trustedProxies: [] }, Date.now));
    },
    { overrideGlobalObjects: false },
  );
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
