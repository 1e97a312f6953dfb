import { decodeJwt } from 'jose';

/**
 * The application permissions inside an app-only access token, for showing which are missing; never for a decision, as
 * Graph's tokens are opaque. Undefined where the token is not a JWT; empty where access comes from Exchange roles only.
 */
export function readAppRoles(accessToken: string): readonly string[] | undefined {
  try {
    const { roles } = decodeJwt(accessToken);
    return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
  } catch {
    return undefined;
  }
}
