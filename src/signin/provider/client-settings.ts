import type { ClientKind, ClientSettings } from '#contract';
import { Problem } from '#http';
import { faultOfRedirect, faultOfWebAddress } from './client-addresses.ts';

/** What every client may ask for unless it says otherwise. */
const allScopes: ClientSettings['scopes'] = ['openid', 'profile', 'email', 'groups', 'roles', 'offline_access'];

/** The kinds that people sign in to. */
const ofPeople: readonly ClientKind[] = ['web', 'spa', 'native', 'extension'];
const withSecrets: readonly ClientKind[] = ['web', 'machine', 'api'];

/** Whether people sign in to clients of a kind. */
export const isOfPeople = (kind: ClientKind): boolean => ofPeople.includes(kind);

/** What a client of a kind is set to where nothing is said. */
export const usualSettings = (kind: ClientKind): Omit<ClientSettings, 'name'> => ({
  redirectUris: [],
  postLogoutRedirectUris: [],
  backchannelLogoutUri: null,
  firstParty: true,
  authentication: withSecrets.includes(kind) ? 'secret' : 'none',
  jwks: null,
  jwksUri: null,
  idTokenAlg: 'RS256',
  requirePushedRequests: false,
  deviceFlow: false,
  scopes: isOfPeople(kind) ? allScopes : [],
  resources: [],
  organizations: null,
  identifier: null,
  apiScopes: [],
  tokenFormat: 'opaque',
  mayExchange: false,
});

/** Settings that only some kinds have; the others keep what is usual. */
const only: { readonly [Field in keyof ClientSettings]?: readonly ClientKind[] } = {
  redirectUris: ofPeople,
  postLogoutRedirectUris: ofPeople,
  backchannelLogoutUri: ofPeople,
  firstParty: ofPeople,
  idTokenAlg: ofPeople,
  requirePushedRequests: ofPeople,
  scopes: ofPeople,
  organizations: ofPeople,
  deviceFlow: ['native'],
  identifier: ['api'],
  apiScopes: ['api'],
  tokenFormat: ['api'],
  mayExchange: ['api'],
};

interface Fault {
  field: string;
  detail: string;
}

/** Refuses settings that a client of this kind cannot have. Throws `invalid-request` that names each field. */
export function checkSettings(kind: ClientKind, it: ClientSettings): void {
  const errors = [...foreign(kind, it), ...addresses(kind, it), ...authentication(kind, it), ...asApi(kind, it)];
  if (errors.length > 0)
    throw new Problem('invalid-request', { detail: `a client of kind ${kind} cannot be so`, errors });
}

function foreign(kind: ClientKind, it: ClientSettings): Fault[] {
  const usual: Partial<ClientSettings> = usualSettings(kind);
  return Object.entries(only).flatMap(([name, kinds]) => {
    const field = name as keyof ClientSettings;
    const differs = JSON.stringify(it[field]) !== JSON.stringify(usual[field]);
    return differs && !kinds.includes(kind) ? [{ field, detail: `is for ${kinds.join(', ')} only` }] : [];
  });
}

function addresses(kind: ClientKind, it: ClientSettings): Fault[] {
  if (!isOfPeople(kind)) return [];
  const faults = (['redirectUris', 'postLogoutRedirectUris'] as const).flatMap((field) =>
    it[field].flatMap((text, index) => {
      const fault = faultOfRedirect(kind, text);
      return fault === undefined ? [] : [{ field: `${field}.${index}`, detail: fault }];
    }),
  );
  const backchannel = it.backchannelLogoutUri === null ? undefined : faultOfWebAddress(it.backchannelLogoutUri);
  return [
    ...faults,
    ...(backchannel === undefined ? [] : [{ field: 'backchannelLogoutUri', detail: backchannel }]),
    ...(it.redirectUris.length > 0 || it.deviceFlow
      ? []
      : [{ field: 'redirectUris', detail: 'at least one is needed' }]),
  ];
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

function authentication(kind: ClientKind, { authentication: by, jwks, jwksUri }: ClientSettings): Fault[] {
  const faults: Fault[] = [];
  const keys = (jwks === null ? 0 : 1) + (jwksUri === null ? 0 : 1);
  if ((by === 'none') === withSecrets.includes(kind)) {
    const possible = withSecrets.includes(kind) ? 'secret or privateKeyJwt' : 'none: it cannot keep a secret';
    faults.push({ field: 'authentication', detail: `has to be ${possible}` });
  }
  if (by === 'privateKeyJwt' && keys !== 1) faults.push({ field: 'jwks', detail: 'give either jwks or jwksUri' });
  if (by !== 'privateKeyJwt' && keys > 0) faults.push({ field: 'jwks', detail: 'belongs to privateKeyJwt' });
  const uri = jwksUri === null ? undefined : faultOfWebAddress(jwksUri);
  if (uri !== undefined) faults.push({ field: 'jwksUri', detail: uri });
  for (const [index, key] of (jwks?.keys ?? []).entries()) {
    const own = privateMembers.find((member) => member in key);
    const known = ['RSA', 'EC', 'OKP'].includes(String(key['kty']));
    if (own !== undefined)
      faults.push({ field: `jwks.keys.${index}.${own}`, detail: 'is of a private key: give the public one' });
    else if (!known) faults.push({ field: `jwks.keys.${index}.kty`, detail: 'has to be RSA, EC or OKP' });
  }
  return faults;
}

function asApi(kind: ClientKind, it: ClientSettings): Fault[] {
  const faults: Fault[] = [];
  if (kind === 'api') {
    const url = URL.parse(it.identifier ?? '');
    if (url === null) faults.push({ field: 'identifier', detail: 'is needed: an absolute URI (RFC 8707 §2)' });
    else if (it.identifier?.includes('#') === true)
      faults.push({ field: 'identifier', detail: 'must have no fragment' });
    if (it.resources.length > 0 && !it.mayExchange) faults.push({ field: 'resources', detail: 'needs mayExchange' });
  }
  for (const [index, scope] of it.apiScopes.entries()) {
    if (allScopes.some((own) => own === scope))
      faults.push({ field: `apiScopes.${index}`, detail: 'is a scope of OpenID Connect: choose another name' });
  }
  return faults;
}
