import type { World } from '#store';
import type { RefusalReason } from '../refusals.ts';
import { loadArtifact } from './artifacts.ts';
import { knownClient } from './client-metadata.ts';
import { answerInteraction, type Interaction, uidOf } from './interaction.ts';

/** How a product is told that nobody signed in (RFC 6749 §4.1.2.1; OpenID Connect Core Unmet Authentication Requirements 1.0 §2). */
const errors = {
  access_denied: 'the person did not sign in',
  unmet_authentication_requirements: 'the sign-in did not prove what was asked for',
  temporarily_unavailable: 'the provider of the person could not be reached',
} as const;

type GivenUp = keyof typeof errors;

const isGivenUp = (text: string): text is GivenUp => Object.hasOwn(errors, text);

/** What a refusal is to a product; all others are that the person or the person's organization said no. */
const others: Readonly<Partial<Record<RefusalReason, GivenUp>>> = {
  step_up: 'unmet_authentication_requirements',
  too_old: 'unmet_authentication_requirements',
  mfa_needed: 'unmet_authentication_requirements',
  mfa_set_up_blocked: 'unmet_authentication_requirements',
  device_not_allowed: 'unmet_authentication_requirements',
  unreachable: 'temporarily_unavailable',
  provider_unreachable: 'temporarily_unavailable',
  throttled: 'temporarily_unavailable',
};

/** A product to which a refused person can go back, where the form for that leads, and the address that it ends at. */
export interface WaitingProduct {
  name: string;
  action: string;
  redirectUri: string;
}

/** The product that waits for who was refused and would start again there; undefined where none does, or on another device. */
export async function findWaitingProduct(
  world: World,
  again: string | null,
  reason: RefusalReason,
): Promise<WaitingProduct | undefined> {
  const uid = uidOf(again ?? '');
  const found = uid === undefined ? undefined : await loadArtifact(world, 'Interaction', uid);
  const params = found?.payload['params'];
  if (typeof params !== 'object' || params === null || !('client_id' in params) || !('redirect_uri' in params))
    return undefined;
  const client = await knownClient(world, String(params.client_id));
  if (client === undefined) return undefined;
  const action = `${again}?give-up=${others[reason] ?? 'access_denied'}`;
  return { name: client.name, action, redirectUri: String(params.redirect_uri) };
}

/** Tells the product that nobody signed in, and gives the address to go back to; undefined where that is no error of ours. */
export async function giveUp(world: World, interaction: Interaction, error: string): Promise<string | undefined> {
  if (!isGivenUp(error)) return undefined;
  return answerInteraction(world, interaction, { error, error_description: errors[error] });
}
