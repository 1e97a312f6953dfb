import { decodeJwt } from 'jose';
import { clouds } from './clouds.ts';

const maxLength = 20_000;
const issuers = ['https://sts.windows.net/', ...Object.values(clouds).map(({ loginOrigin }) => `${loginOrigin}/`)];

/**
 * Whose token it is, where Entra's provisioning service sends one of its own instead of a Secret Token: it does so while the
 * Secret Token is left blank (use-scim-to-provision-users-and-groups; meant for testing only, and the same `aud` for all
 * applications). Nothing of it is believed. Undefined for anything else.
 */
export function explainEntraBearer(bearer: string): { readonly iss: string; readonly aud: string } | undefined {
  if (bearer.length > maxLength || !bearer.startsWith('eyJ')) return undefined;
  try {
    const { iss = '', aud } = decodeJwt(bearer);
    return issuers.some((issuer) => iss.startsWith(issuer))
      ? { iss: iss.slice(0, 200), aud: String(aud).slice(0, 200) }
      : undefined;
  } catch {
    return undefined;
  }
}
