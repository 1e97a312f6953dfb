import type { RequestListener } from 'node:http';
import type { EntraWorld } from '#connections';
import { createUserinfo } from './answer-userinfo.ts';
import { createInstance } from './instance.ts';
import { type SigningKey, signingKeys } from './signing-key.ts';

/** The keys are looked at again after so long: by then every machine signs and verifies with the same. */
const knownMs = 500;

const namesOf = (keys: readonly SigningKey[]): string => keys.map(({ kid }) => kid).join(' ');

/**
 * S15: the OpenID provider of the products, as a listener on Node's own request and response. Everything it keeps is in the
 * database, so any machine can answer any request. The library takes its keys once, so that other keys are another instance
 * of it; what the old one has begun it ends.
 */
export async function createProvider(world: EntraWorld): Promise<RequestListener> {
  let keys = await signingKeys(world);
  let answer = await createInstance(world, keys);
  const userinfo = createUserinfo(world);
  let lookedAt = performance.now();
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const found = await signingKeys(world);
    if (namesOf(found) !== namesOf(keys)) {
      answer = await createInstance(world, found);
      keys = found;
    }
    lookedAt = performance.now();
  }

  const answerByLibrary: RequestListener = (req, res) => {
    if (performance.now() - lookedAt < knownMs) return answer(req, res);
    looking ??= look()
      // What is asked will find the database missing by itself, and say so in the protocol's words.
      .catch((error: unknown) => world.log.warn({ error }, 'the keys of the provider could not be looked at'))
      .finally(() => {
        looking = undefined;
      });
    void looking.then(() => answer(req, res));
  };
  return (req, res) => {
    if (req.url !== '/oidc/me') return answerByLibrary(req, res);
    userinfo(req, res).then(
      (answered) => answered || answerByLibrary(req, res),
      // An outage: the library says it in the protocol's words.
      () => answerByLibrary(req, res),
    );
  };
}
