import type { Check } from '#contract';
import type { LiveConnection } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { daysUntil } from './expiry.ts';
import { findWaysIn } from './ways-in.ts';

const about = {
  name: 'provisioning.token',
  title: 'Credential of provisioning',
  matters: 'Without a valid credential the provisioning service is refused, and quarantines its job.',
  link: null,
};
const soonDays = 30;

/** Whether the provisioning service can authenticate, and for a while: by Secret Token, client secret or assertion. */
export async function checkTokens(world: EntraWorld, connection: LiveConnection): Promise<readonly Check[]> {
  const { organizationId, id, settings } = connection;
  if (!settings.provisioning) return [];
  const { credentials, issued, assertions } = await findWaysIn(world, organizationId, id);
  const [longest] = credentials;
  if (assertions.some(({ lastUsedAt }) => lastUsedAt !== null) || (longest === undefined && assertions.length > 0)) {
    const saw = `Assertions of ${assertions.map(({ name }) => name).join(', ')} are trusted; nothing of that ends.`;
    return [{ ...about, outcome: 'passed', saw, next: null }];
  }
  if (longest === undefined) {
    return [
      {
        ...about,
        outcome: 'warning',
        saw: issued === 0 ? 'No Secret Token was issued yet.' : 'Every Secret Token is revoked or past its end.',
        next: 'Issue one and paste it into Secret Token, on the provisioning page of the enterprise application.',
      },
    ];
  }
  const days = daysUntil(longest.expiresAt, world.now());
  const valid = credentials.length === 1 ? 'One is valid' : `${credentials.length} are valid`;
  const saw = `${valid}; ${longest.name} ends in ${days} days.`;
  if (days > soonDays) return [{ ...about, outcome: 'passed', saw, next: null }];
  return [
    {
      ...about,
      outcome: 'warning',
      saw,
      next: 'Issue another and replace it on the provisioning page; both are valid meanwhile.',
    },
  ];
}
