import { askProvider, ProviderError } from './provider-error.ts';
import { type SigningAlgorithm, signingAlgorithmOf } from './signing-algorithms.ts';

const wellKnown = '/.well-known/openid-configuration';

/** An OpenID provider as its metadata document describes it (OpenID Connect Discovery 1.0 §3). */
export interface Provider {
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly userinfoEndpoint: string | undefined;
  readonly endSessionEndpoint: string | undefined;
  /** Those of ours by which it says it signs id tokens; never `none` or one with a shared key. */
  readonly algorithms: readonly SigningAlgorithm[];
  /** How clients may prove themselves; `client_secret_basic` where it does not say. */
  readonly authenticationMethods: readonly string[];
  readonly assertionAlgorithms: readonly string[];
  readonly responseTypes: readonly string[];
  readonly responseModes: readonly string[] | undefined;
  readonly scopes: readonly string[];
  /** Whether its answers always name their issuer (RFC 9207 §3). */
  readonly issuerIsSaid: boolean;
  /** The PKCE methods that it names; undefined where it names none. */
  readonly challengeMethods: readonly string[] | undefined;
}

/** Where to look for a provider, and what its issuer has to be, where that was entered. */
export interface ProviderAddress {
  readonly metadataUrl: string;
  readonly issuer: string | undefined;
}

/** Why a provider's metadata document could not be used; `message` says what to do. */
export class MetadataError extends Error {
  override readonly name = 'MetadataError';
  readonly code: 'badAddress' | 'unreachable' | 'notJson' | 'badDocument' | 'wrongIssuer';

  constructor(code: MetadataError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** True where the same request may succeed later. */
  get transient(): boolean {
    return this.code === 'unreachable';
  }
}

/**
 * Reads what an admin entered: an issuer, or the address of its metadata document. `mayBePlain` says which origins may be
 * asked by http. Throws {@link MetadataError} `badAddress`.
 */
export function readProviderAddress(text: string, mayBePlain: (origin: string) => boolean): ProviderAddress {
  const value = text.trim().replace(/^<(.*)>$/, '$1');
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`);
  if (url === null || value === '' || !url.hostname.includes('.') === (url.hostname !== 'localhost')) {
    throw new MetadataError('badAddress', 'this is neither an issuer nor the address of a metadata document');
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new MetadataError('badAddress', 'an issuer has no user name, password or fragment');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain(url.origin))) {
    throw new MetadataError('badAddress', 'an issuer begins with https://');
  }
  if (url.pathname.endsWith(wellKnown)) return { metadataUrl: url.href, issuer: undefined };
  if (url.search !== '') throw new MetadataError('badAddress', 'an issuer has no query; give its metadata document');
  const issuer = url.href;
  return { metadataUrl: `${issuer.replace(/\/$/, '')}${wellKnown}`, issuer };
}

/**
 * Reads a provider's metadata document. The issuer in it must be the one entered, but for a slash at its end that people
 * leave out; where the address of the document was entered it must lie at the same origin, so that nobody can speak for
 * another. Throws {@link MetadataError}.
 */
export async function discoverProvider(
  { metadataUrl, issuer }: ProviderAddress,
  fetch: typeof globalThis.fetch,
  mayBePlain: (origin: string) => boolean,
): Promise<Provider> {
  const members = await readDocument(metadataUrl, fetch);
  const said = text(members, 'issuer');
  if (said === undefined) throw new MetadataError('badDocument', `${metadataUrl} names no issuer`);
  const right =
    issuer === undefined
      ? URL.parse(said)?.origin === new URL(metadataUrl).origin
      : said === issuer || said === issuer.replace(/\/$/, '');
  if (!right) {
    throw new MetadataError(
      'wrongIssuer',
      `${metadataUrl} says its issuer is ${said.slice(0, 300)}, expected was ${issuer ?? `one at ${new URL(metadataUrl).origin}`}`,
    );
  }
  const endpoint = (name: string): string | undefined => {
    const value = text(members, name);
    const url = value === undefined ? null : URL.parse(value);
    if (value === undefined) return undefined;
    if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain(url.origin)))) {
      throw new MetadataError(
        'badDocument',
        `${metadataUrl} names ${name} ${value.slice(0, 300)}, which is no https URL`,
      );
    }
    return value;
  };
  const needed = (name: string): string => {
    const value = endpoint(name);
    if (value === undefined) throw new MetadataError('badDocument', `${metadataUrl} names no ${name}`);
    return value;
  };
  const algorithms = texts(members, 'id_token_signing_alg_values_supported') ?? ['RS256'];
  return {
    issuer: said,
    metadataUrl,
    authorizationEndpoint: needed('authorization_endpoint'),
    tokenEndpoint: needed('token_endpoint'),
    jwksUri: needed('jwks_uri'),
    userinfoEndpoint: endpoint('userinfo_endpoint'),
    endSessionEndpoint: endpoint('end_session_endpoint'),
    algorithms: [...new Set(algorithms.flatMap((name) => signingAlgorithmOf(name) ?? []))],
    authenticationMethods: texts(members, 'token_endpoint_auth_methods_supported') ?? ['client_secret_basic'],
    assertionAlgorithms: texts(members, 'token_endpoint_auth_signing_alg_values_supported') ?? [],
    responseTypes: texts(members, 'response_types_supported') ?? ['code'],
    responseModes: texts(members, 'response_modes_supported'),
    scopes: texts(members, 'scopes_supported') ?? [],
    issuerIsSaid: members.get('authorization_response_iss_parameter_supported') === true,
    challengeMethods: texts(members, 'code_challenge_methods_supported'),
  };
}

async function readDocument(url: string, fetch: typeof globalThis.fetch): Promise<ReadonlyMap<string, unknown>> {
  const answer = await askProvider(fetch, url, { headers: { accept: 'application/json' } }).catch((error: unknown) => {
    if (!(error instanceof ProviderError)) throw error;
    throw new MetadataError('unreachable', error.description, { cause: error });
  });
  if (answer.status >= 500) throw new MetadataError('unreachable', `${url} answered with HTTP ${answer.status}`);
  if (answer.status !== 200) {
    const where = answer.status >= 300 && answer.status < 400 ? '; redirects are not followed' : '';
    throw new MetadataError('notJson', `${url} answered with HTTP ${answer.status}${where}: is this the issuer?`);
  }
  if (typeof answer.json !== 'object' || answer.json === null || Array.isArray(answer.json)) {
    throw new MetadataError('notJson', `${url} answered 200, but not with JSON: is this the issuer?`);
  }
  return new Map(Object.entries(answer.json));
}

function text(members: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = members.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(members: ReadonlyMap<string, unknown>, name: string): readonly string[] | undefined {
  const value = members.get(name);
  return Array.isArray(value) ? value.filter((it) => typeof it === 'string') : undefined;
}
