import { randomUUID } from 'node:crypto';
import type { World } from '../world.ts';

/** One sign-in, or one that was refused (signIn of Microsoft Graph); names are looked up when it is shown. */
export type SignIn = {
  readonly id: string;
  readonly tenantId: string;
  readonly createdDateTime: number;
  /** Null: an app signed in for itself. */
  readonly userId: string | null;
  readonly appId: string;
  /** The API the token is for; null where it did not come to that. */
  readonly resourceAppId: string | null;
  /** Whether a person was asked for something, and did not come by a refresh token or a session. */
  readonly isInteractive: boolean;
  /** The number after AADSTS; 0 when it went well. */
  readonly errorCode: number;
  /** What the sign-in was refused for, without ids and time; empty when it went well. */
  readonly failureReason: string;
  readonly correlationId: string;
};

/** So many are kept of all tenants, the newest ones. */
const kept = 10_000;

/** Keeps a sign-in of now, and forgets the oldest ones. Its id is not of the repeatable stream, which signing in must not move. */
export function insertSignIn(world: World, signIn: Omit<SignIn, 'id' | 'createdDateTime'>): void {
  world.signIns.push({ id: randomUUID(), createdDateTime: world.clock.now(), ...signIn });
  if (world.signIns.length > kept * 2) world.signIns.splice(0, world.signIns.length - kept);
}
