import type { Check } from '#contract';
import { checkClock } from './check-clock.ts';
import { checkDiscovery } from './check-discovery.ts';
import { checkDomains } from './check-domains.ts';
import { checkProvider } from './check-provider.ts';
import { checkRedirectUri } from './check-redirect-uri.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkTokens } from './check-tokens.ts';
import type { LiveConnection } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';

/**
 * D8: answers one question about a connection by trying. Several answers where the connection has several things of that
 * kind; none where the question does not arise. The settings given are those to check, live or draft. What a check did
 * not foresee it lets pass: whoever runs the checks reports it.
 */
export type CheckOf = (world: EntraWorld, connection: LiveConnection) => Promise<Check | readonly Check[]>;

/** What this room can ask about a connection. */
export const connectionChecks: readonly CheckOf[] = [
  checkDiscovery,
  checkProvider,
  checkClock,
  checkSecrets,
  checkRedirectUri,
  checkTokens,
  checkDomains,
];
