import { setFlagsFromString } from 'node:v8';
import { firstLink } from '#access';
import { readConfig } from '#config';
import { startPortico } from './compose.ts';
import { openWorld } from './world.ts';

/**
 * V8 sizes its heap by what the machine has, which may be much. Here what is young stays in the space it began with, and what
 * is old is collected once it has grown by four fifths: 100 to 250 MB less under load, for some percent of the speed.
 */
const heapFlags = ['--semi-space-growth-factor=1', '--heap-growing-percent=80'];

/** `portico serve`: runs the server until it is told to stop. */
export async function serve(): Promise<void> {
  for (const flag of heapFlags) setFlagsFromString(flag);
  const world = await openWorld(readConfig());
  const running = await startPortico(world);
  world.log.info(
    { port: running.port, database: world.store.dialect },
    `Portico listens; its public address is ${world.config.url}`,
  );
  const link = await firstLink(world);
  if (link !== undefined)
    console.log(`\nOpen the console (this link works once, until ${link.expiresAt}):\n  ${link.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      world.log.info({ signal }, 'stopping');
      void running.stop().then(() => process.exit(0));
    });
  }
}
