import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a passkey's owner is asked to sign is good for so long; the page that asks may stay open meanwhile. */
const challengeMs = 30 * 60_000;

/** Ed25519, ES256, RS256: COSE algorithms, in the order of preference. */
const algorithms = [-8, -7, -257];

/** Where challenges are sealed to. */
interface Place {
  table: string;
  organizationId: string;
  id: string;
  column: string;
}

/** What a ceremony needs to know: our address, the clock, and keys to seal challenges with. */
export interface PasskeyWorld {
  readonly config: { readonly url: string };
  readonly now: () => number;
  readonly sealer: { seal(plain: string, place: Place): string; open(sealed: string, place: Place): string };
}

/** A challenge that was signed: its hash, by which it is used up, and until when it was good, epoch milliseconds. */
export interface AnsweredChallenge {
  hash: string;
  expiresAt: number;
}

/** A passkey that was just made. */
export interface NewPasskey {
  id: string;
  publicKey: string;
  counter: number;
  transports: string[];
  backedUp: boolean;
  challenge: AnsweredChallenge;
}

/** What passkeys are bound to: the host of our public address (WebAuthn §5.1.2). */
export const rpIdOf = ({ config }: Pick<PasskeyWorld, 'config'>): string => new URL(config.url).hostname;

const placeOf = (purpose: string): Place => ({ table: 'challenge', organizationId: '', id: purpose, column: 'value' });

/**
 * A challenge for one purpose, base64url. It carries its own end, sealed, so that nothing is stored for a page that is only
 * looked at; what was signed is used up by whoever takes it.
 */
export const newChallenge = ({ sealer, now }: PasskeyWorld, purpose: string): string =>
  Buffer.from(sealer.seal(String(now() + challengeMs), placeOf(purpose))).toString('base64url');

function openChallenge(
  { sealer, now }: PasskeyWorld,
  purpose: string,
  challenge: string,
): AnsweredChallenge | undefined {
  const sealed = Buffer.from(challenge, 'base64url').toString('utf8');
  try {
    const expiresAt = Number(sealer.open(sealed, placeOf(purpose)));
    if (!(expiresAt > now())) return undefined;
    return { hash: createHash('sha256').update(sealed).digest('base64url'), expiresAt };
  } catch {
    return undefined;
  }
}

/** What a browser needs to make a passkey, for the page's script. */
export const registrationOptions = (
  world: PasskeyWorld,
  purpose: string,
  it: {
    rpName: string;
    /** At most 64 bytes, without anything that tells who it is (WebAuthn §14.6.1). */
    userHandle: Uint8Array;
    userName: string;
    displayName: string;
    known: readonly string[];
  },
) => ({
  challenge: newChallenge(world, purpose),
  rp: { id: rpIdOf(world), name: it.rpName },
  user: { id: Buffer.from(it.userHandle).toString('base64url'), name: it.userName, displayName: it.displayName },
  algorithms,
  known: it.known,
});

const text = z.string().max(20_000);
const assertion = z.object({
  id: z.string().max(2000),
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: z.string().min(1).max(88),
  }),
});
const attestation = z.object({
  id: z.string().max(2000),
  transports: z.array(z.string().max(20)).max(10).default([]),
  response: z.object({ clientDataJSON: text, attestationObject: text }),
});

/** An answer of a browser to be signed in by a passkey, as far as it can be read before it is verified. */
export interface PasskeyAnswer {
  id: string;
  userHandle: Buffer;
  response: z.output<typeof assertion>['response'];
}

/** Reads what the page's script sent; undefined where it is none of that. */
export function readPasskeyAnswer(sent: string): PasskeyAnswer | undefined {
  const { data } = assertion.safeParse(parse(sent));
  if (data === undefined) return undefined;
  return { id: data.id, userHandle: Buffer.from(data.response.userHandle, 'base64url'), response: data.response };
}

/**
 * Verifies that an answer was signed by a passkey (WebAuthn §7.2): our origin and RP id, a challenge of ours for this purpose
 * that is not over, user verification. `copied` tells that its counter went back, as that of a copy does (§6.1.1).
 */
export async function verifyPasskey(
  world: PasskeyWorld,
  purpose: string,
  { id, response }: PasskeyAnswer,
  known: { publicKey: string; counter: number },
): Promise<{ challenge: AnsweredChallenge; counter: number; backedUp: boolean; copied: boolean } | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  let challenge: AnsweredChallenge | undefined;
  const verified = await verifyAuthenticationResponse({
    response: { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response },
    expectedChallenge: (sent) => {
      challenge = openChallenge(world, purpose, sent);
      return challenge !== undefined;
    },
    expectedOrigin: world.config.url,
    expectedRPID: rpIdOf(world),
    // Counters are compared below, where a copy can be told apart from a forgery.
    credential: { id, publicKey: new Uint8Array(Buffer.from(known.publicKey, 'base64url')), counter: -1 },
    requireUserVerification: true,
  }).catch(() => undefined);
  if (verified?.verified !== true || challenge === undefined) return undefined;
  const { newCounter: counter, credentialBackedUp: backedUp } = verified.authenticationInfo;
  return { challenge, counter, backedUp, copied: (counter > 0 || known.counter > 0) && counter <= known.counter };
}

/** Verifies a new passkey (WebAuthn §7.1): the same, and that it is one that the person unlocks. Undefined where it is not. */
export async function verifyNewPasskey(
  world: PasskeyWorld,
  purpose: string,
  sent: string,
): Promise<NewPasskey | undefined> {
  const { data } = attestation.safeParse(parse(sent));
  if (data === undefined) return undefined;
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  let challenge: AnsweredChallenge | undefined;
  const verified = await verifyRegistrationResponse({
    response: { id: data.id, rawId: data.id, type: 'public-key', clientExtensionResults: {}, response: data.response },
    expectedChallenge: (sent) => {
      challenge = openChallenge(world, purpose, sent);
      return challenge !== undefined;
    },
    expectedOrigin: world.config.url,
    expectedRPID: rpIdOf(world),
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => undefined);
  if (verified?.verified !== true || challenge === undefined) return undefined;
  const { credential, credentialBackedUp } = verified.registrationInfo;
  return {
    id: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: data.transports,
    backedUp: credentialBackedUp,
    challenge,
  };
}

function parse(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return undefined;
  }
}
