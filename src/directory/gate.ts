import { organizationOf, verifyAccessToken, verifyToken } from '#connections';
import { explainEntraBearer } from '#entra';
import { recordFailedAuthentication, waitAfterFailures } from '#events';
import { type Asked, bearerOf, parseCredential, type Source } from '#http';
import { ScimError } from '#scim';
import type { World } from '#store';
import { closedWords, findClosed } from './closed.ts';
import type { Directory } from './exchange.ts';
import type { Refused } from './recorder.ts';
import { openDirectory } from './settings.ts';

/** Who came in, and where. */
export interface Admitted {
  directory: Directory;
  token: { id: string; name: string };
}

/** Turns somebody away who keeps trying; `wait` is in milliseconds. */
export class TooManyFailures extends ScimError {
  readonly wait: number;
  constructor(wait: number) {
    super(429, undefined, 'too many requests with a wrong token came from this address; wait a minute');
    this.wait = wait;
  }
}

/** Lets a provisioning client in, or throws: 401 without a token of this directory, 403 while provisioning is off. */
export type Gate = (directoryId: string, request: Pick<Asked, 'headers'>, source: Source) => Promise<Admitted>;

/** For so long a verified token is believed unasked, in milliseconds: what is revoked is out within a second. */
const believedMs = 1000;
const mostBelieved = 1000;

/**
 * Makes the gate. Only failures count towards the limit of an address, and only they are stopped by it: many customers'
 * provisioning comes from the same few addresses of Microsoft.
 */
export function createGate(world: World, onRefusal: Refused): Gate {
  const believed = new Map<string, { admitted: Admitted; since: number }>();
  const asked = new Map<string, Promise<Admitted>>();

  async function ask(directoryId: string, bearer: string | undefined, key: string, source: Source): Promise<Admitted> {
    const now = world.now();
    const organizationId = await organizationOf(world, directoryId);
    const verified = await verify(world, organizationId, directoryId, bearer);
    if (!verified.ok || organizationId === undefined) {
      const wait = await waitAfterFailures(world, 'scim', source.address);
      if (wait > 0) throw new TooManyFailures(wait);
      const why = ofEntra(bearer) ?? (verified.ok ? 'there is no such directory' : verified.why);
      const scope = organizationId === undefined ? {} : { organizationId };
      await recordFailedAuthentication(world, source, { ...scope, door: 'scim', why });
      if (organizationId !== undefined) onRefusal(organizationId, directoryId, 401, why);
      throw new ScimError(401, undefined, ofEntra(bearer) === undefined ? unauthorized : secretTokenLeftBlank);
    }
    const directory = await openDirectory(world, organizationId, directoryId);
    const closed = await findClosed(world, organizationId, directoryId);
    if (closed !== undefined) {
      onRefusal(organizationId, directoryId, 403, closedWords[closed].was);
      throw new ScimError(403, undefined, closedWords[closed].answer);
    }
    const admitted = { directory, token: { id: verified.id, name: verified.name } };
    if (believed.size >= mostBelieved) believed.clear();
    believed.set(key, { admitted, since: now });
    return admitted;
  }

  return async (directoryId, request, source) => {
    const bearer = bearerOf(request);
    const key = `${directoryId}\n${bearer ?? ''}`;
    const known = believed.get(key);
    const now = world.now();
    if (known !== undefined && now >= known.since && now - known.since < believedMs) return known.admitted;
    // One of those who come at once asks for all of them; where it is refused, each asks and is refused for itself.
    const underWay = asked.get(key);
    if (underWay !== undefined) return underWay.catch(() => ask(directoryId, bearer, key, source));
    const first = ask(directoryId, bearer, key, source).finally(() => asked.delete(key));
    asked.set(key, first);
    return first;
  };
}

const unauthorized =
  'the Secret Token is not valid for this Tenant URL: paste a token that Portico issued for this connection, and that is neither past its end nor revoked';

const secretTokenLeftBlank =
  'Entra sent a token of its own, as it does while the Secret Token is left blank: enter a Secret Token that Portico issued for this connection, or choose OAuth 2.0 client credentials or workload identity federation with the token endpoint of this connection';

function ofEntra(bearer: string | undefined): string | undefined {
  const token = bearer === undefined ? undefined : explainEntraBearer(bearer);
  if (token === undefined) return undefined;
  return `Entra sent a token of its own (iss ${token.iss}, aud ${token.aud}): the Secret Token is left blank there`;
}

async function verify(
  world: World,
  organizationId: string | undefined,
  directoryId: string,
  bearer: string | undefined,
): Promise<{ ok: true; id: string; name: string } | { ok: false; why: string }> {
  if (bearer === undefined) return { ok: false, why: 'the request carries no bearer token' };
  if (organizationId === undefined) return { ok: false, why: 'there is no such directory' };
  return parseCredential('scimaccess', bearer) === undefined
    ? verifyToken(world, organizationId, directoryId, bearer)
    : verifyAccessToken(world, organizationId, directoryId, bearer);
}
