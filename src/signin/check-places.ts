import type { EntraWorld, LiveConnection } from '#connections';
import type { Check } from '#contract';
import { openPlaces } from './sessions/places.ts';

/** Whether the database of places that the server was given can be read; nothing where it was given none. */
export async function checkPlaces(world: EntraWorld, { settings }: LiveConnection): Promise<readonly Check[]> {
  if (!settings.signIn || world.config.places === undefined) return [];
  const { builtAt, fault } = await openPlaces(world);
  const about = {
    name: 'signin.places',
    title: 'Places of sign-ins',
    matters: 'People recognize a session that is not theirs by its place. Nobody is kept from signing in by this.',
    link: null,
  };
  const built = builtAt === null ? undefined : new Date(builtAt).toISOString().slice(0, 10);
  if (fault === null) {
    const saw = `Sessions show country and city of their addresses by a database of ${built}.`;
    return [{ ...about, outcome: 'passed', saw, next: null }];
  }
  const meanwhile = built === undefined ? 'no places are shown' : `the one of ${built} stays in use`;
  return [
    {
      ...about,
      outcome: 'warning',
      saw: `The file that PORTICO_PLACES names ${fault}; ${meanwhile}.`,
      next: 'Whoever runs Portico puts a whole .mmdb file there; it is taken up by itself. Repeat the checks then.',
    },
  ];
}
