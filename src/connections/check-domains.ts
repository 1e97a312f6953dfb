import type { Check } from '#contract';
import { only } from '#store';
import type { LiveConnection } from './connection.ts';
import { recordValueOf } from './domains.ts';
import type { EntraWorld } from './entra-world.ts';
import { findDomain } from './queries/domain.ts';

/** S6: whether the e-mail domains of a connection are proven to be the customer's. */
export async function checkDomains(
  world: EntraWorld,
  { organizationId, settings }: LiveConnection,
): Promise<readonly Check[]> {
  if (!settings.signIn) return [];
  return Promise.all(
    settings.domains.map(async (domain): Promise<Check> => {
      const about = {
        name: 'connections.domain',
        title: `The domain ${domain}`,
        matters: 'Only people of a domain that the customer proved to own are sent to the connection by their address.',
        link: null,
      };
      const row = only(await world.store.read(findDomain, { organizationId, domain }));
      const record =
        row === undefined ? '' : ` TXT record _portico.${domain} with the value ${recordValueOf(row.token)}`;
      if (row?.state === 'verified')
        return { ...about, outcome: 'passed', saw: 'Its TXT record proves that it is the customer’s.', next: null };
      if (row?.state === 'failing')
        return {
          ...about,
          outcome: 'warning',
          saw: `Its record is gone: ${row.saw}. A week after that was seen first, the domain no longer counts.`,
          next: `Put it back:${record}.`,
        };
      if (row?.trusted === 1)
        return {
          ...about,
          outcome: 'passed',
          saw: 'It is not proven; the operator of the deployment takes it on trust.',
          next: `To prove it, add the${record}.`,
        };
      return {
        ...about,
        outcome: 'warning',
        saw: 'It is not proven, so nobody is sent here by an address of it.',
        next: `Add the${record}, then verify the domain.`,
      };
    }),
  );
}
