import type { Check } from '#contract';
import type { LiveConnection } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { daysUntil } from './expiry.ts';
import { listTokens } from './queries/token.ts';

const about = {
  name: 'provisioning.token',
  title: 'Secret Token',
  matters: 'Without a valid Secret Token the provisioning service is refused, and quarantines its job.',
  link: null,
};
const soonDays = 30;

/** Whether the provisioning service has a Secret Token that stays valid for a while. */
export async function checkTokens(world: EntraWorld, connection: LiveConnection): Promise<readonly Check[]> {
  const { organizationId, id, settings } = connection;
  if (!settings.provisioning) return [];
  const now = world.now();
  const rows = await world.store.read(listTokens, { organizationId, directoryId: id, after: '', limit: 1000 });
  const valid = rows.filter((row) => row.revoked_at === null && row.expires_at > now);
  const [longest] = valid.toSorted((a, b) => b.expires_at - a.expires_at);
  if (longest === undefined) {
    return [
      {
        ...about,
        outcome: 'warning',
        saw: rows.length === 0 ? 'No Secret Token was issued yet.' : 'Every Secret Token is revoked or past its end.',
        next: 'Issue one and paste it into Secret Token, on the provisioning page of the enterprise application.',
      },
    ];
  }
  const days = daysUntil(longest.expires_at, now);
  const saw = `${valid.length === 1 ? 'One is valid' : `${valid.length} are valid`}; ${longest.name} ends in ${days} days.`;
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
