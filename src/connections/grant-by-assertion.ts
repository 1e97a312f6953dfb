import { createHash } from 'node:crypto';
import { DiscoveryError, readAssertion, validateAssertion } from '#entra';
import { TokenRefused } from '#openid';
import { type Grant, issueAccessToken } from './access-tokens.ts';
import { assertionIssuer, mostTrusts, settingsForTrust } from './assertion-trusts.ts';
import type { EntraWorld } from './entra-world.ts';
import { insertAssertionUse, listAssertionTrusts, touchAssertionTrust } from './queries/assertion.ts';
import { cloudOf } from './starting-point.ts';

type Scope = { organizationId: string; directoryId: string };

interface Trust {
  id: string;
  name: string;
  tenant_id: string;
  subject: string;
  audience: string;
}

/**
 * RFC 7523 §2.2: an access token for an assertion that Entra signed, or why there is none: a claim with its expected and its
 * seen value. An assertion is good once. Throws EntraError or DiscoveryError where the tenant's keys cannot be had.
 */
export async function grantByAssertion(
  world: EntraWorld,
  scope: Scope,
  assertion: string,
  lifetime: number,
): Promise<Grant> {
  const trusts = await world.store.read(listAssertionTrusts, { ...scope, after: '', limit: mostTrusts });
  if (trusts.length === 0) {
    const how = `portico directories assertions create ${scope.directoryId}`;
    return { ok: false, why: `no assertion is trusted here; copy subject and audience from Entra: ${how}` };
  }
  try {
    const { trust, endsAt } = await findTrust(world, scope, trusts, assertion);
    return await consume(world, scope, trust, assertion, endsAt, lifetime);
  } catch (error) {
    if (error instanceof TokenRefused) return { ok: false, why: error.message };
    if (error instanceof DiscoveryError && error.code === 'unknownTenant') return { ok: false, why: error.message };
    throw error;
  }
}

/** The trust that an assertion answers to, and when the assertion ends. Throws the refusal by the one that is nearest. */
async function findTrust(
  world: EntraWorld,
  { organizationId, directoryId }: Scope,
  trusts: readonly Trust[],
  assertion: string,
): Promise<{ trust: Trust; endsAt: number }> {
  const settings = await settingsForTrust(world, organizationId, directoryId);
  const { iss } = readAssertion(assertion);
  const issuerOf = (trust: Trust) => assertionIssuer(world, settings, trust.tenant_id);
  const [first, ...others] = trusts.filter((trust) => issuerOf(trust) === iss);
  if (first === undefined) {
    const expected = [...new Set(trusts.map(issuerOf))].join(' or ');
    const seen = iss === undefined ? 'none' : JSON.stringify(iss).slice(0, 200);
    throw new TokenRefused('issuer', `iss of the assertion: expected ${expected}, seen ${seen}`);
  }
  const cloud = cloudOf(world, settings.cloud);
  const { jwksUri } = await world.entra.tenants.resolve({ cloud, tenant: first.tenant_id });
  const hold = async (trust: Trust) => ({
    trust,
    endsAt: await validateAssertion(assertion, {
      issuer: issuerOf(trust),
      jwksUri,
      tenantId: trust.tenant_id,
      subject: trust.subject,
      audience: trust.audience,
      keys: world.entra.keys,
      now: world.now,
    }),
  });
  let refused: unknown;
  for (const trust of [first, ...others]) {
    try {
      return await hold(trust);
    } catch (error) {
      refused ??= error;
    }
  }
  throw refused;
}

/**
 * The hash is of what is signed, not of the whole text: the last letter of a signature may be written in several ways. It is
 * kept while the assertion could be taken, skew included.
 */
const signedHash = (assertion: string): string =>
  createHash('sha256')
    .update(assertion.slice(0, assertion.lastIndexOf('.')))
    .digest('base64url');

const skewMs = 60_000;

function consume(
  world: EntraWorld,
  scope: Scope,
  { id, name }: Trust,
  assertion: string,
  endsAt: number,
  lifetime: number,
): Promise<Grant> {
  return world.store.write(async (tx) => {
    const use = { ...scope, hash: signedHash(assertion), expiresAt: endsAt + skewMs };
    if ((await tx.run(insertAssertionUse, use)).length === 0)
      return { ok: false, why: 'the assertion was used before; each is good for one access token' };
    if ((await tx.run(touchAssertionTrust, { ...scope, id, at: world.now() })).length === 0)
      return { ok: false, why: `the assertions of ${name} are trusted no more` };
    return { ok: true, ...(await issueAccessToken(world, tx, scope, { id, name }, lifetime)) };
  });
}
