import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import type { Application, FederatedIdentityCredential } from '../applications/application.ts';
import { certificateOf, digestOf } from '../applications/key-credentials.ts';
import { findTenant } from '../directory/tenant.ts';
import type { Exchange } from '../http/exchange.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import type { Authority } from '../sign-in/authority.ts';
import type { World } from '../world.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Seconds by which clocks may differ; Microsoft's libraries round "now" up. */
const clockTolerance = 300;

/** How long the issuer of a federated credential may take to show its keys, in milliseconds. */
const patienceMs = 5_000;

/** Where an assertion is presented. */
export type Presented = { readonly world: World; readonly authority: Authority; readonly exchange: Exchange };

/**
 * Proves a client by a signed assertion (RFC 7523): one that a certificate of the app signed, named in the header by its
 * thumbprint, or the token of an issuer that a federated credential of the app trusts. Throws in Entra's codes.
 */
export async function checkAssertion(
  presented: Presented,
  application: Application,
  form: URLSearchParams,
): Promise<void> {
  const type = form.get('client_assertion_type');
  if (type !== assertionType)
    throw new AadstsError(50027, `The client_assertion_type must be '${assertionType}', not '${type ?? ''}'`, refusal);
  // Older libraries break lines inside the header's x5c, and pad its thumbprint; the token itself may end in a line break.
  const assertion = (form.get('client_assertion') ?? '').trim();
  const { thumbprint, claims } = read(assertion);
  if (thumbprint === undefined) await checkFederated(presented, application, assertion, claims);
  else await checkSigned(presented, application, assertion, claims, thumbprint);
}

const refusal = { error: 'invalid_client' } as const;

/** The digest by which a header names its certificate. */
type Thumbprint = { readonly algorithm: 'sha1' | 'sha256'; readonly digest: Buffer };

function read(assertion: string): { thumbprint: Thumbprint | undefined; claims: JWTPayload } {
  try {
    const { x5t, 'x5t#S256': x5tS256 } = decodeProtectedHeader(assertion) as Record<string, unknown>;
    const named = x5tS256 ?? x5t;
    const digest = Buffer.from(String(named).replace(/[\s=]/g, ''), 'base64url');
    const thumbprint = { algorithm: x5tS256 === undefined ? 'sha1' : 'sha256', digest } as const;
    return { thumbprint: named === undefined ? undefined : thumbprint, claims: decodeJwt(assertion) };
  } catch {
    throw new AadstsError(50027, 'The client_assertion is no JSON Web Token', refusal);
  }
}

/** Signed by a certificate of the app (certificate-credentials): issuer and subject are the app, the audience is this endpoint. */
async function checkSigned(
  { world, authority, exchange }: Presented,
  application: Application,
  assertion: string,
  claims: JWTPayload,
  { algorithm, digest }: Thumbprint,
): Promise<void> {
  const { appId } = application;
  const certificates = application.keyCredentials.map((credential) => ({
    credential,
    certificate: certificateOf(credential),
  }));
  const found = certificates.find(({ certificate }) => digestOf(certificate, algorithm).equals(digest));
  if (found === undefined) {
    const hex = digest.toString('hex').toUpperCase();
    throw new AadstsError(
      700027,
      `The certificate with identifier used to sign the client assertion is not registered on application '${appId}'. [Reason - The key was not found., Thumbprint of key used by client: '${hex}']`,
    );
  }
  const now = world.clock.now();
  if (now < found.credential.startDateTime || found.credential.endDateTime <= now)
    throw new AadstsError(7000274, `The certificate of application '${appId}' is outside its period of validity`);
  const algorithms = ['PS256', 'RS256'];
  await verify(world, assertion, (key) => jwtVerify(assertion, found.certificate.publicKey, { ...key, algorithms }));
  if (claims.iss !== claims.sub)
    throw new AadstsError(50048, 'Subject must match Issuer claim in the client assertion', refusal);
  if (claims.iss !== appId)
    throw new AadstsError(
      50012,
      `The issuer and the subject of the client assertion must be the application '${appId}'`,
    );
  if (!isHere(world, exchange, authority, claims.aud))
    throw new AadstsError(
      50013,
      `The audience of the client assertion is '${String(claims.aud)}', not the token endpoint '${exchange.origin}${exchange.url.pathname}'`,
      refusal,
    );
}

/** Whether an audience is the token endpoint that was asked: of this tenant by whichever of its names, or the same shared one. */
function isHere(world: World, { origin }: Exchange, { tenant, path }: Authority, audience: unknown): boolean {
  if (typeof audience !== 'string' || !URL.canParse(audience)) return false;
  const url = new URL(audience);
  const [, key = '', ...rest] = url.pathname.toLowerCase().split('/');
  if (url.origin !== origin || !['oauth2/v2.0/token', 'oauth2/token'].includes(rest.join('/'))) return false;
  return tenant === undefined ? key === path : findTenant(world.tenants, key)?.id === tenant.id;
}

/** The token of somebody else (workload identity federation): issuer, subject and audience are those of one credential, exactly. */
async function checkFederated(
  { world }: Presented,
  { appId, federatedIdentityCredentials }: Application,
  assertion: string,
  claims: JWTPayload,
): Promise<void> {
  const all = federatedIdentityCredentials;
  const matching = (fits: (credential: FederatedIdentityCredential) => boolean, code: number, what: string) => {
    if (all.some(fits)) return;
    throw new AadstsError(code, `No matching federated identity record found for presented assertion ${what}`, refusal);
  };
  if (all.length === 0) throw new AadstsError(70021, `Application '${appId}' has no federated identity credential`);
  const ofIssuer = ({ issuer }: FederatedIdentityCredential) => issuer === claims.iss;
  const ofSubject = (each: FederatedIdentityCredential) => ofIssuer(each) && each.subject === claims.sub;
  const ofAudience = (each: FederatedIdentityCredential) =>
    ofSubject(each) && audiencesOf(claims).includes(each.audiences[0] ?? '');
  matching(ofIssuer, 700211, `issuer '${String(claims.iss)}'`);
  matching(ofSubject, 700213, `subject '${String(claims.sub)}'`);
  matching(ofAudience, 7002121, `audience '${audiencesOf(claims).join(' ')}'`);
  const keys = await keysOf(String(claims.iss));
  await verify(world, assertion, (key) => jwtVerify(assertion, keys, { ...key, algorithms: ['RS256'] }));
}

const audiencesOf = ({ aud }: JWTPayload): string[] => (Array.isArray(aud) ? aud : [aud ?? '']);

/** The keys that an issuer publishes (OpenID Connect Discovery). */
async function keysOf(issuer: string): Promise<ReturnType<typeof createLocalJWKSet>> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const read = async (url: string): Promise<unknown> => (await fetch(url, { signal })).json();
    const metadata = await read(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    return createLocalJWKSet((await read((metadata as { jwks_uri: string }).jwks_uri)) as JSONWebKeySet);
  } catch {
    throw new AadstsError(
      50013,
      `The keys of the issuer '${issuer}' could not be read by its metadata document`,
      refusal,
    );
  }
}

type Times = { readonly currentDate: Date; readonly clockTolerance: number; readonly requiredClaims: string[] };

/** Signature, then the time within which an assertion is good. */
async function verify(world: World, assertion: string, work: (times: Times) => Promise<unknown>): Promise<void> {
  try {
    await work({ currentDate: new Date(world.clock.now()), clockTolerance, requiredClaims: ['exp'] });
  } catch (error) {
    const claim = error instanceof Error && 'claim' in error ? error.claim : undefined;
    if (claim === undefined)
      throw new AadstsError(
        700027,
        'Client assertion failed signature validation. [Reason - The key used is not the one named]',
      );
    const { exp, nbf } = decodeJwt(assertion);
    throw new AadstsError(
      700024,
      `Client assertion is not within its valid time range. Current time: ${new Date(world.clock.now()).toISOString()}, assertion valid from ${shown(nbf)}, expiry time of assertion ${shown(exp)}`,
    );
  }
}

const shown = (seconds: number | undefined): string =>
  seconds === undefined ? 'unknown' : new Date(seconds * 1000).toISOString();
