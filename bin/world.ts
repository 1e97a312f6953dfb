import { pino } from 'pino';
import type { Config } from '#config';
import { type EntraWorld, withEntra } from '#connections';
import { createOutboundFetch } from '#http';
import { migrate, openStore } from '#store';

/**
 * Makes the one value in which all dependencies stand: settings, database (brought forward), sealer, clock, network, log.
 */
export async function openWorld(config: Config, now: () => number = Date.now): Promise<EntraWorld> {
  const log = pino({
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err },
  });
  const { store, sealer } = openStore(config);
  await migrate(store, now()).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const trusted = config.simulatorUrl === undefined ? [] : [config.simulatorUrl];
  const fetch = createOutboundFetch({ allowPrivate: config.allowPrivateAddresses, trusted });
  return withEntra({ config, store, sealer, now, fetch, log }, async (world, about) =>
    (await import('#signin')).signAssertion(world, about),
  );
}
