import { firstLink } from '#access';
import { readConfig } from '#config';
import { startPortico } from './compose.ts';
import { openWorld } from './world.ts';

/** `portico serve`: runs the server until it is told to stop. */
export async function serve(): Promise<void> {
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
