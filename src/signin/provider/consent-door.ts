import { isOwnOrigin, readText, type Source } from '#http';
import type { World } from '#store';
import { sessionOfRequest, type ValidSession } from '../sessions/session.ts';
import { isNative, knownClient } from './client-metadata.ts';
import type { KnownClient } from './clients.ts';
import { giveConsent } from './consent.ts';
import { consentOverPage, consentPage } from './consent-page.ts';
import { type AskedScopes, answerInteraction, findInteraction, type Interaction } from './interaction.ts';

const formLimit = 1_000;

/**
 * Answers `/consent/{interaction}`: asks a person whether a product of somebody else may know what it asks for, and whether it
 * was they who started an application on their device, which nothing else tells from a false one (RFC 8252 §8.6).
 */
export function createConsentDoor(world: World): (request: Request, source: Source) => Promise<Response> {
  return async (request, source) => {
    const [, , uid = '', ...rest] = new URL(request.url).pathname.split('/');
    const interaction = rest.length > 0 ? undefined : await findInteraction(world, request, uid);
    const session = await sessionOfRequest(world, request.headers);
    const client = interaction === undefined ? undefined : await knownClient(world, interaction.clientId);
    if (interaction === undefined || client === undefined || session === undefined) return consentOverPage();
    if (session.accountId !== interaction.accountId) return consentOverPage();
    if (request.method !== 'POST') return ask(world, interaction, client, session);
    if (!isOwnOrigin(request, world.config.url)) return consentOverPage();
    const answer = new URLSearchParams(await readText(request, formLimit)).get('answer');
    if (answer !== 'allow') {
      return redirect(
        await answerInteraction(world, interaction, {
          error: 'access_denied',
          error_description: 'the person did not allow it',
        }),
      );
    }
    if (!client.firstParty) await giveConsent(world, source, session, client, askedOf(interaction));
    return redirect(await allow(world, interaction));
  };
}

async function ask(
  world: World,
  interaction: Interaction,
  client: KnownClient,
  session: ValidSession,
): Promise<Response> {
  // Whoever entered the code of a device has confirmed by that page already.
  const told = !isNative(client) || interaction.ofDevice;
  if (client.firstParty && told) return redirect(await allow(world, interaction));
  return consentPage(world, { interaction, client, session, scopes: askedOf(interaction) });
}

const allow = (world: World, interaction: Interaction): Promise<string> =>
  answerInteraction(world, interaction, { ...interaction.before, consent: {} });

/** What is asked for: what is missing of it, or all where the product wants to have it asked again. */
const askedOf = ({ missing, scopes }: Interaction): AskedScopes =>
  Object.keys(missing).length > 0 ? missing : { '': scopes };

const redirect = (location: string): Response =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
