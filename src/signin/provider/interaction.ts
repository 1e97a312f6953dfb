import { cookieOf } from '#http';
import type { World } from '#store';
import type { ValidSession } from '../sessions/session.ts';
import { loadArtifact, saveArtifact } from './artifacts.ts';

/** The cookie by which the provider knows the browser that a product sent to it; its path is the interaction's page. */
export const interactionCookie = 'portico_interaction';

/** An authorization request of a product that waits for its person to sign in. */
export interface Interaction {
  uid: string;
  /** Where the browser goes when it is done: back to the provider. */
  returnTo: string;
  /** The session has to be younger than this, epoch milliseconds: the product asked for a new sign-in. */
  notBefore: number;
  asked: { loginHint?: string; organization?: string; connection?: string; redirectUri?: string };
  payload: Record<string, unknown>;
}

/** The interaction of a request to its page, where the browser is the one that the product sent. */
export async function findInteraction(world: World, request: Request, uid: string): Promise<Interaction | undefined> {
  if (cookieOf(request, interactionCookie) !== uid) return undefined;
  const found = await loadArtifact(world, 'Interaction', uid);
  if (found === undefined) return undefined;
  const { returnTo, prompt, params, exp } = found.payload;
  if (typeof returnTo !== 'string' || typeof exp !== 'number' || exp * 1000 <= world.now()) return undefined;
  const reasons = membersOf(prompt)['reasons'];
  const anew = Array.isArray(reasons) && reasons.some((it) => it === 'login_prompt' || it === 'max_age');
  const { login_hint, organization, connection, redirect_uri } = membersOf(params);
  return {
    uid,
    returnTo,
    notBefore: anew ? found.createdAt : 0,
    asked: {
      ...text('loginHint', login_hint),
      ...text('organization', idOf(organization)),
      ...text('connection', idOf(connection)),
      ...text('redirectUri', redirect_uri),
    },
    payload: found.payload,
  };
}

/**
 * Tells the provider who signed in, and gives the address to go back to. What the provider remembered of an earlier session
 * goes: the person may be another one now.
 */
export async function finishInteraction(
  world: World,
  interaction: Interaction,
  session: ValidSession,
): Promise<string> {
  const { session: _, ...payload } = interaction.payload;
  const login = { accountId: session.accountId, ts: Math.floor(session.authenticatedAt / 1000) };
  // The clients are the deployment's own products: where one asks for consent it has it.
  const result = { ...payload, result: { login, consent: {} } };
  await saveArtifact(world, 'Interaction', interaction.uid, result, undefined, Number(payload['exp']) * 1000);
  return interaction.returnTo;
}

const idOf = (value: unknown): unknown =>
  typeof value === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(value) ? value : undefined;

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const text = <Name extends string>(name: Name, value: unknown): { [Key in Name]?: string } =>
  (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as { [Key in Name]?: string };
