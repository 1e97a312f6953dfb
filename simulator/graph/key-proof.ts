import { jwtVerify } from 'jose';
import type { Application, ServicePrincipal } from '../applications/application.ts';
import { certificateOf } from '../applications/key-credentials.ts';
import type { GraphCall } from './caller.ts';
import { GraphError } from './graph-error.ts';

/** Azure AD Graph, which a proof still names as its audience. */
const audience = '00000002-0000-0000-c000-000000000000';

/** A proof lives ten minutes at most, in seconds. */
const longest = 600;

/**
 * Checks the proof of possession that rolling a certificate needs: a JWT of the object itself, signed by one of its
 * certificates that is valid now (application-rollkey-prooftoken). Throws 401.
 */
export async function checkProof(
  { world }: GraphCall,
  { id, keyCredentials }: Application | ServicePrincipal,
  proof: string,
): Promise<void> {
  const now = world.clock.now();
  for (const credential of keyCredentials) {
    if (now < credential.startDateTime || credential.endDateTime <= now) continue;
    try {
      const { payload } = await jwtVerify(proof, certificateOf(credential).publicKey, {
        audience,
        issuer: id,
        algorithms: ['RS256', 'PS256'],
        currentDate: new Date(now),
        clockTolerance: 300,
        requiredClaims: ['nbf', 'exp'],
      });
      if ((payload.exp ?? 0) - (payload.nbf ?? 0) <= longest) return;
    } catch {
      // Another certificate may be the one it is signed by.
    }
  }
  throw new GraphError(401, 'Authentication_MissingOrMalformed', 'Access Token missing or malformed.');
}
