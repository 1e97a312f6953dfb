import { findLive, getConnection } from '#connections';
import type { World } from '#store';

/** Why a directory lets no provisioning client in, whatever its token. */
export type Closed = 'inactive' | 'paused' | 'off';

interface Words {
  /** What the client is answered. */
  answer: string;
  /** What is noted of it. */
  was: string;
  /** What to do in Portico. */
  open: (id: string) => string;
}

/** What is said of each reason. */
export const closedWords: Readonly<Record<Closed, Words>> = {
  inactive: {
    answer: 'this connection is not active yet: test and activate it in Portico, then try again',
    was: 'the connection was not active',
    open: (id) => `Test and activate the connection (portico connections test ${id}, then activate ${id}).`,
  },
  paused: {
    answer: 'this connection is paused: take it up again in Portico, then try again',
    was: 'the connection was paused',
    open: (id) => `Take the connection up again (portico connections activate ${id}).`,
  },
  off: {
    answer: 'provisioning is switched off for this connection: switch it on in Portico and activate, then try again',
    was: 'provisioning was switched off for the connection',
    open: (id) => `Switch provisioning on (portico connections update ${id}, then test and activate it).`,
  },
};

/** Why a directory is closed at present; undefined while it is open. */
export async function findClosed(world: World, organizationId: string, id: string): Promise<Closed | undefined> {
  const found = await findLive(world, organizationId, id);
  if (found?.settings.provisioning === true) return undefined;
  const { state, live } = await getConnection(world, organizationId, id);
  if (live === null) return 'inactive';
  return state === 'paused' ? 'paused' : 'off';
}
