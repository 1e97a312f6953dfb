import { adoptSecret, clientProofsOf, type EntraWorld } from '#connections';
import type { ConnectionSettings } from '#contract';
import { EntraError } from '#entra';
import { byItself } from '#events';
import {
  assertHash,
  type PersonClaims,
  ProviderError,
  type RedeemedCode,
  readAuthorizationResponse,
  redeemCode,
  TokenRefused,
} from '#openid';
import { refusalOf, SignInRefused } from '../sign-in-refused.ts';
import { callbackOf, type StartedSignIn } from './sign-in-request.ts';
import { assertFresh, assertSteppedUp } from './step-up.ts';
import { type ProvenToken, type Upstream, upstreamOf } from './upstream.ts';

/** The secret or certificate is not, no longer, or not yet one of the application's. */
const proofRefused = [7000215, 7000222, 700027, 7000274];
/** No more are tried with one code than take part in a rotation. */
const mostProofs = 3;

/** A person whom the provider proved, and the claims of the id token that says so. */
export interface ProvenPerson {
  readonly person: PersonClaims;
  readonly claims: ProvenToken['claims'];
}

/**
 * Takes an answer of the provider to a person: reads the code, redeems it, validates the token against the settings the
 * sign-in started with and the tenants that are allowed now. In the hybrid flow the token that came with the code is
 * validated first, names the code by its hash, and tells of the same person (OpenID Connect Core §3.3.3). Throws
 * {@link SignInRefused}.
 */
export async function redeemAnswer(
  world: EntraWorld,
  signIn: StartedSignIn,
  parameters: URLSearchParams,
  allowed: ConnectionSettings,
): Promise<ProvenPerson> {
  const { settings, nonce } = signIn;
  const { clientId } = settings;
  if (clientId === null) throw new SignInRefused('not_configured');
  try {
    const upstream = await upstreamOf(world, settings);
    const { state } = signIn;
    const { issuer, issuerIsSaid, readErrorParameters } = upstream;
    const answer = readAuthorizationResponse(parameters, { state, issuer, issuerIsSaid }, readErrorParameters);
    const validate = (token: string) => upstream.validate(token, { clientId, nonce, allowed });
    const ahead = await validateAhead(settings, answer, validate);
    const redeemed = await redeem(world, signIn, upstream, clientId, answer.code);
    const proven = await validate(redeemed.idToken);
    assertHash(proven, 'at_hash', redeemed.accessToken);
    assertHash(proven, 'c_hash', answer.code);
    if (ahead !== undefined) assertSamePerson(ahead, proven);
    const person = await upstream.readPerson(proven, redeemed.accessToken);
    assertFresh(signIn, person);
    assertSteppedUp(settings, person);
    return { person, claims: proven.claims };
  } catch (error) {
    throw refusalOf(error);
  }
}

async function validateAhead(
  { responseType }: ConnectionSettings,
  { code, idToken }: { code: string; idToken: string | undefined },
  validate: (token: string) => Promise<ProvenToken>,
): Promise<ProvenToken | undefined> {
  if (responseType !== 'code id_token') return undefined;
  if (idToken === undefined) throw new TokenRefused('malformed', 'the answer holds no id token beside its code.');
  const ahead = await validate(idToken);
  assertHash(ahead, 'c_hash', code, true);
  return ahead;
}

function assertSamePerson(ahead: ProvenToken, proven: ProvenToken): void {
  if (ahead.claims.iss === proven.claims.iss && ahead.claims.sub === proven.claims.sub) return;
  throw new TokenRefused('subject', 'the id token that came with the code tells of another person than its own.');
}

/**
 * Redeems the code with the connection's proof. While one secret or certificate takes over from another the one at hand may
 * be refused: then they are read anew, and those not yet tried get their turn. A refused client does not use the code up.
 */
async function redeem(
  world: EntraWorld,
  { organizationId, connectionId, codeVerifier, settings }: StartedSignIn,
  upstream: Upstream,
  clientId: string,
  code: string,
): Promise<RedeemedCode> {
  const tried = new Set<string>();
  let refused: ProviderError | undefined;
  while (tried.size < mostProofs) {
    const usable = await clientProofsOf(world, { organizationId, id: connectionId, settings });
    const next = usable.find(({ id }) => !tried.has(id));
    if (next === undefined) break;
    tried.add(next.id);
    try {
      const redeemed = await redeemCode({
        tokenEndpoint: upstream.tokenEndpoint,
        algorithms: upstream.assertionAlgorithms,
        clientId,
        proof: next.proof,
        code,
        redirectUri: callbackOf(world.config.url, connectionId),
        codeVerifier,
        fetch: world.fetch,
        readError: upstream.readTokenError,
      });
      // At a provider that tells nothing before, the first code that was redeemed with it is the evidence.
      if (settings.provider === 'openid' && next.state === 'waiting') {
        const kind = settings.clientAuthentication === 'certificate' ? 'certificate' : 'secret';
        await adoptSecret(world, byItself, organizationId, connectionId, { id: next.id, kind });
      }
      return redeemed;
    } catch (error) {
      if (!(error instanceof ProviderError) || !isAboutProof(error)) throw error;
      refused ??= error;
    }
  }
  throw (
    refused ?? new SignInRefused('not_configured', { detail: 'the connection has no client secret or certificate' })
  );
}

const isAboutProof = (error: ProviderError): boolean =>
  error instanceof EntraError
    ? error.codes.some((it) => proofRefused.includes(it))
    : error.error === 'invalid_client' || (error.httpStatus === 401 && error.error !== 'invalid_grant');
