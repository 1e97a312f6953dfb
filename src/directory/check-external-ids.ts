import type { EntraWorld, LiveConnection } from '#connections';
import type { Check } from '#contract';
import { listFirstExternalIds, listLastExternalIds, listWithoutExternalId } from './queries/external-id.ts';

const about = {
  name: 'directory.external_ids',
  title: 'Users and the people who sign in are the same',
  matters:
    'A person who signs in is found among the users by the object id in externalId. Otherwise a user who is switched off in Entra keeps access.',
  link: null,
};

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** So many are looked at from either end of their order: a mapping is the same for everybody. */
const atEachEnd = 200;

/**
 * S16: whether externalId is the object id, by what arrived. Entra's default mapping puts the mail nickname there; that is
 * put right in one row, and the next cycle brings the object ids to the users that are here already.
 */
export async function checkExternalIds(world: EntraWorld, connection: LiveConnection): Promise<readonly Check[]> {
  const { settings, organizationId, id: directoryId } = connection;
  if (!settings.provisioning || !settings.signIn) return [];
  const values = { organizationId, directoryId, limit: atEachEnd };
  const seen = new Map<string, string>();
  for (const { id, externalId } of await world.store.read(listFirstExternalIds, { ...values, after: '' }))
    seen.set(id, externalId ?? '');
  for (const { id, externalId } of await world.store.read(listLastExternalIds, values)) seen.set(id, externalId ?? '');
  const without = await world.store.read(listWithoutExternalId, { ...values, limit: 1 });
  const others = [...seen.values()].filter((externalId) => !guid.test(externalId));
  if (seen.size === 0 && without.length === 0) {
    return [{ ...about, outcome: 'waiting', saw: 'No user has arrived yet.', next: null }];
  }
  const [example] = others;
  const [nobody] = without;
  if (example === undefined && nobody === undefined) {
    return [{ ...about, outcome: 'passed', saw: 'The externalId of users is their object id.', next: null }];
  }
  const saw =
    example === undefined
      ? `Users have no externalId, such as ${nobody?.userName}.`
      : `Of ${seen.size} users that were looked at, ${others.length} have an externalId that is no object id, such as ${JSON.stringify(example.slice(0, 60))}.`;
  return [
    {
      ...about,
      outcome: settings.registration === 'provisioned' ? 'failed' : 'warning',
      saw,
      next: 'In Entra: Provisioning > Attribute mapping > Provision Microsoft Entra ID Users: in the row of externalId set Source attribute to objectId, Save, then Restart provisioning. Users stay the same as long as userName is the matching attribute.',
    },
  ];
}
