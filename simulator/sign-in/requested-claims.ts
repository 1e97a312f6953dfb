import { AadstsError } from './aadsts.ts';

/** What of the `claims` parameter means something here (OpenID Connect Core §5.5; Microsoft's claims challenges). */
export type RequestedClaims = {
  /** Authentication contexts to fulfil, by the token that is to say so: `c1` … */
  readonly contexts: { readonly idToken: readonly string[]; readonly accessToken: readonly string[] };
  /** The id_token is to say when he signed in: `auth_time`, an optional claim (optional claims reference). */
  readonly authTime: boolean;
  /** `xms_cc`: what the client can handle; `cp1` are claims challenges. */
  readonly capabilities: readonly string[];
};

/** Reads `claims`; unknown ones are ignored. Throws AADSTS50117 for what is no JSON object. */
export function readRequestedClaims(text: string | null): RequestedClaims {
  const all = parse(text);
  const [idToken, accessToken] = [objectOf(all['id_token']), objectOf(all['access_token'])];
  return {
    contexts: { idToken: valuesOf(idToken['acrs']), accessToken: valuesOf(accessToken['acrs']) },
    authTime: 'auth_time' in idToken,
    capabilities: valuesOf(accessToken['xms_cc']),
  };
}

function parse(text: string | null): Record<string, unknown> {
  if (text === null || text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below.
  }
  throw new AadstsError(50117, "The 'claims' parameter is not a JSON object");
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** `value` or `values` of one requested claim. */
function valuesOf(claim: unknown): string[] {
  const { value, values } = objectOf(claim);
  const list: readonly unknown[] = Array.isArray(values) ? values : [value];
  return list.filter((each) => typeof each === 'string');
}
