import type { World } from '#store';
import { askedContexts, authenticatedSince, howProven } from '../sessions/how-proven.ts';
import type { ValidSession } from '../sessions/session.ts';
import { type Artifact, type Change, keeping, loadArtifact } from './artifacts.ts';
import { isNative, knownClient } from './client-metadata.ts';
import { isBoundTo, secretOf } from './this-browser.ts';

/** The cookie that names the interaction, to its own page; it is no proof of the browser: see `this-browser.ts`. */
export const interactionCookie = 'portico_interaction';

/** The library's cookie that names the interaction to the provider, on the way back. */
export const resumeCookie = 'portico_resume';

/** Scopes by the resource that they are of; those of OpenID Connect under the empty one. */
export type AskedScopes = Readonly<Record<string, readonly string[]>>;

/** An authorization request of a product that waits for its person to sign in, or to consent. */
export interface Interaction {
  uid: string;
  /** Where the browser goes when it is done: back to the provider. */
  returnTo: string;
  /** The person has to have authenticated after this, epoch milliseconds, by `prompt=login` or `max_age`; else 0. */
  notBefore: number;
  /** The product wants a new sign-in, whatever was before. */
  anew: boolean;
  /** The person has to have chosen an account after this, epoch milliseconds: the product asked for that; else 0. */
  chosenAfter: number;
  asked: {
    loginHint?: string;
    domainHint?: string;
    organization?: string;
    connection?: string;
    redirectUri?: string;
    /** Seconds since the person's last authentication that are not too many. */
    maxAge?: number;
    /** Contexts of which the sign-in has to satisfy one. */
    contexts: readonly string[];
  };
  clientId: string;
  /** The account that the provider took the request to be of. */
  accountId: string | undefined;
  /** Scopes of OpenID Connect that are asked for, and whatever of it was not granted before. */
  scopes: readonly string[];
  missing: AskedScopes;
  /** It began with the code of a device. */
  ofDevice: boolean;
  /** What earlier pages of the same request answered. */
  before: Record<string, unknown>;
  /** Epoch milliseconds. */
  startedAt: number;
  payload: Record<string, unknown>;
}

/** The interaction whose page an address of ours is; undefined where it is another page. */
export const uidOf = (path: string): string | undefined => /^\/login\/([\w-]{8,64})$/.exec(path)?.[1];

/** The interaction of a request, where the browser is the one that the product sent. */
export async function findInteraction(world: World, request: Request, uid: string): Promise<Interaction | undefined> {
  const found = await loadArtifact(world, 'Interaction', uid);
  if (found === undefined) return undefined;
  if (!isBoundTo(found.payload, secretOf(request.headers.get('cookie') ?? undefined))) return undefined;
  const { exp } = found.payload;
  return typeof exp !== 'number' || exp * 1000 <= world.now() ? undefined : interactionOf(uid, found);
}

/** An interaction, as it is kept. */
export function interactionOf(uid: string, { payload, createdAt }: Artifact): Interaction {
  const { returnTo, prompt, params, session, lastSubmission, deviceCode } = payload;
  const { reasons, details } = membersOf(prompt);
  const { login_hint, domain_hint, organization, connection, redirect_uri, client_id, scope } = membersOf(params);
  const { max_age, acr_values } = membersOf(params);
  const prompts = String(membersOf(params)['prompt'] ?? '').split(' ');
  const anew =
    prompts.includes('login') || Number(max_age) === 0 || (Array.isArray(reasons) && reasons.includes('login_prompt'));
  const { missingOIDCScope, missingResourceScopes } = membersOf(details);
  const { accountId } = membersOf(session);
  return {
    uid,
    returnTo: String(returnTo),
    notBefore: anew ? createdAt : authenticatedSince(createdAt, max_age),
    anew,
    chosenAfter: prompts.includes('select_account') ? createdAt : 0,
    asked: {
      ...text('loginHint', login_hint),
      ...text('domainHint', domain_hint),
      ...text('organization', idOf(organization)),
      ...text('connection', idOf(connection)),
      ...text('redirectUri', redirect_uri),
      ...(max_age === undefined ? {} : { maxAge: Number(max_age) }),
      contexts: askedContexts(acr_values),
    },
    clientId: String(client_id),
    accountId: typeof accountId === 'string' ? accountId : undefined,
    scopes: String(scope ?? '').split(' '),
    missing: {
      ...(Array.isArray(missingOIDCScope) ? { '': missingOIDCScope.map(String) } : {}),
      ...Object.fromEntries(
        Object.entries(membersOf(missingResourceScopes)).map(([resource, scopes]) => [
          resource,
          Array.isArray(scopes) ? scopes.map(String) : [],
        ]),
      ),
    },
    ofDevice: deviceCode !== undefined,
    before: membersOf(lastSubmission),
    startedAt: createdAt,
    payload,
  };
}

/** Whether a session is what the product asked for: as new as that, and of an account that was chosen where one was to be. */
export const isAnswer = (
  { notBefore, chosenAfter }: Interaction,
  { authenticatedAt, signedInAt }: Pick<ValidSession, 'authenticatedAt' | 'signedInAt'>,
): boolean => authenticatedAt >= notBefore && signedInAt >= chosenAfter;

/** Who signed in, and when the person proved that, as the provider is told. */
type Signed = Pick<ValidSession, 'accountId' | 'authenticatedAt' | 'signedInAt' | 'acr' | 'amr'>;

/**
 * Prepares to tell the provider who signed in: gives the change that does, to be made in a transaction. What the provider
 * remembered of an earlier session goes: the person may be another one now.
 */
export async function prepareFinish(world: World, interaction: Interaction): Promise<(session: Signed) => Change> {
  const { session: _, ...payload } = interaction.payload;
  const client = await knownClient(world, interaction.clientId);
  return (session) => {
    const { accountId, authenticatedAt } = session;
    const { loginTs: ts, ...how } = howProven(session, interaction.asked.contexts);
    const login = { accountId, ts, ...how };
    // Our own products need no consent; an application on a device only where the person has just proved who it is, by the
    // provider's word, which comes in whole seconds: its session alone asks nobody anything.
    const asked = authenticatedAt >= Math.floor(interaction.startedAt / 1000) * 1000;
    const known = client?.firstParty === true && (!isNative(client) || asked);
    const result = { login, select_account: {}, ...(known ? { consent: {} } : {}) };
    return answering(world, { ...interaction, payload }, result);
  };
}

/** Tells the provider who signed in, and gives the address to go back to. */
export async function finishInteraction(world: World, interaction: Interaction, session: Signed): Promise<string> {
  const finish = await prepareFinish(world, interaction);
  await world.store.write(finish(session));
  return interaction.returnTo;
}

type Answered = Pick<Interaction, 'uid' | 'payload' | 'returnTo'>;

const answering = (world: World, { uid, payload }: Answered, result: Readonly<Record<string, unknown>>): Change =>
  keeping(world, 'Interaction', uid, { ...payload, result }, undefined, Number(payload['exp']) * 1000);

/** Tells the provider what came of its question, and gives the address to go back to. */
export async function answerInteraction(
  world: World,
  interaction: Answered,
  result: Readonly<Record<string, unknown>>,
): Promise<string> {
  await world.store.write(answering(world, interaction, result));
  return interaction.returnTo;
}

const idOf = (value: unknown): unknown =>
  typeof value === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(value) ? value : undefined;

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const text = <Name extends string>(name: Name, value: unknown): { [Key in Name]?: string } =>
  (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as { [Key in Name]?: string };
