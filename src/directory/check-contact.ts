import type { EntraWorld, LiveConnection } from '#connections';
import type { Check } from '#contract';
import { only } from '#store';
import { findClosed } from './closed.ts';
import { cycleMs } from './cycles/cycle.ts';
import { recoverClosed } from './cycles/quarantine.ts';
import { findContact } from './queries/contact.ts';

const about = {
  name: 'directory.contact',
  title: 'Contact with the provisioning service',
  matters: 'Users and groups arrive, and who leaves loses access, only while the provisioning service calls.',
  link: null,
};

/** P10, D8: whether the provisioning service calls, and is let in. Waiting before it called first; late after two cycles. */
export async function checkContact(world: EntraWorld, connection: LiveConnection): Promise<readonly Check[]> {
  if (!connection.settings.provisioning) return [];
  const scope = { organizationId: connection.organizationId, directoryId: connection.id };
  const contact = only(await world.store.read(findContact, scope));
  const { lastAt = null, refusedAt = null, refusedStatus = null, refusal = null } = contact ?? {};
  if (refusedAt !== null && refusedAt > (lastAt ?? 0)) {
    return [
      {
        ...about,
        outcome: 'failed',
        saw: `It called on ${new Date(refusedAt).toISOString()} and was turned away: ${refusal ?? 'its token is not valid'}.`,
        next:
          refusedStatus === 403
            ? recoverClosed(connection.id, await findClosed(world, connection.organizationId, connection.id))
            : `Compare what is entered in Entra (Provisioning > Admin credentials) with this connection, or issue a new Secret Token (portico directories tokens create ${connection.id}), paste it there and test the connection.`,
      },
    ];
  }
  if (lastAt === null) {
    return [
      {
        ...about,
        outcome: 'waiting',
        saw: 'It has not called yet.',
        next: 'In Entra: Provisioning > Admin credentials > Test connection, then start provisioning.',
      },
    ];
  }
  const minutes = Math.floor((world.now() - lastAt) / 60_000);
  const saw = `It called last on ${new Date(lastAt).toISOString()}, ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago.`;
  return world.now() - lastAt <= 2 * cycleMs
    ? [{ ...about, outcome: 'passed', saw, next: null }]
    : [
        {
          ...about,
          outcome: 'warning',
          saw: `${saw} It calls about every 40 minutes.`,
          next: 'In Entra: Provisioning > Overview. Look whether the job runs, is in quarantine, or is stopped.',
        },
      ];
}
