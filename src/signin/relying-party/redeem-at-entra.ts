import { authorityOf, cloudOf, type EntraWorld, listedTenants, openSecrets } from '#connections';
import type { ConnectionSettings } from '#contract';
import {
  EntraError,
  type IdTokenClaims,
  issuerRuleOf,
  readAuthorizationResponse,
  redeemCode,
  type Tenant,
  validateIdToken,
} from '#entra';
import { refusalOf, SignInRefused } from '../sign-in-refused.ts';
import { callbackOf, type StartedSignIn } from './sign-in-request.ts';

/** The secret is not, no longer, or not yet one of the application's. */
const secretRefused = [7000215, 7000222];
/** No more secrets are tried with one code than take part in a rotation. */
const mostSecrets = 3;

/**
 * Takes an answer of Microsoft to the claims of a validated id token: reads the code, redeems it, validates the token
 * against the settings the sign-in started with and the tenants that are allowed now. Throws {@link SignInRefused}.
 */
export async function redeemAtEntra(
  world: EntraWorld,
  signIn: StartedSignIn,
  parameters: URLSearchParams,
  allowed: ConnectionSettings,
): Promise<IdTokenClaims> {
  const { settings } = signIn;
  const { clientId } = settings;
  if (clientId === null) throw new SignInRefused('not_configured');
  try {
    const code = readAuthorizationResponse(parameters, { state: signIn.state });
    const authority = { cloud: cloudOf(world, settings.cloud), tenant: authorityOf(settings) };
    const tenant = await world.entra.tenants.resolve(authority);
    return await validateIdToken(await redeem(world, signIn, tenant, clientId, code), {
      tenant,
      rule: issuerRuleOf(allowed.accountType, listedTenants(allowed)),
      clientId,
      nonce: signIn.nonce,
      keys: world.entra.keys,
      now: world.now,
    });
  } catch (error) {
    throw refusalOf(error);
  }
}

/**
 * Redeems the code with the connection's secret. While one secret takes over from another the one at hand may be refused:
 * then the secrets are read anew, and those not yet tried get their turn. A refused client does not use the code up.
 */
async function redeem(
  world: EntraWorld,
  { organizationId, connectionId, codeVerifier }: StartedSignIn,
  tenant: Tenant,
  clientId: string,
  code: string,
): Promise<string> {
  const tried = new Set<string>();
  let refused: EntraError | undefined;
  while (tried.size < mostSecrets) {
    const secrets = await openSecrets(world, organizationId, connectionId);
    const secret = secrets.find(({ id }) => !tried.has(id));
    if (secret === undefined) break;
    tried.add(secret.id);
    try {
      const redirectUri = callbackOf(world.config.url, connectionId);
      const { idToken } = await redeemCode({
        tenant,
        clientId,
        secret: secret.value,
        code,
        redirectUri,
        codeVerifier,
        fetch: world.fetch,
      });
      return idToken;
    } catch (error) {
      if (!(error instanceof EntraError) || !error.codes.some((it) => secretRefused.includes(it))) throw error;
      refused ??= error;
    }
  }
  throw refused ?? new SignInRefused('not_configured', { detail: 'the connection has no client secret' });
}
