import type { errors, Provider, TokenEndpointGrantContext } from 'oidc-provider';
import type { World } from '#store';
import { type Seen, throughOf } from './browser-session.ts';
import { exchangeGrant, ownClientOf } from './client-metadata.ts';
import { mayClientOf } from './client-of-token.ts';
import { resourceFor } from './resource.ts';

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

interface ExchangeParams {
  subject_token?: string;
  subject_token_type?: string;
  requested_token_type?: string;
  actor_token?: string;
  scope?: string;
  resource?: string | string[];
  audience?: string;
}

/**
 * RFC 8693: an API that was called with a token of a person gets one for another API, to go on in the person's name. It gets
 * nothing that the operator did not allow it, for no longer than the token that it holds, and `act` says who acts. The token
 * has to be one that was made for this API.
 */
export function registerExchange(
  world: World,
  provider: Provider,
  seenBy: (ctx: TokenEndpointGrantContext) => Seen,
  { InvalidRequest, InvalidGrant, InvalidTarget, InvalidScope }: typeof errors,
): void {
  const names = [
    'subject_token',
    'subject_token_type',
    'requested_token_type',
    'actor_token',
    'scope',
    'resource',
    'audience',
  ];
  provider.registerGrantType<ExchangeParams>(
    exchangeGrant,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const own = ownClientOf(client);
      const { subject_token: subject, resource } = params;
      if (own === undefined) throw new InvalidRequest('the client is unknown');
      if (subject === undefined) throw new InvalidRequest('missing required parameter(s) subject_token');
      if (params.subject_token_type !== accessTokenType) {
        throw new InvalidRequest(`subject_token_type has to be ${accessTokenType}`);
      }
      if ((params.requested_token_type ?? accessTokenType) !== accessTokenType) {
        throw new InvalidRequest(`requested_token_type has to be ${accessTokenType}`);
      }
      if (params.actor_token !== undefined)
        throw new InvalidRequest('actor_token is not taken: the client acts itself');
      if (params.audience !== undefined) throw new InvalidTarget('name the API by resource, not by audience');
      if (typeof resource !== 'string') throw new InvalidTarget('one resource has to be named');

      const held = await provider.AccessToken.find(subject);
      const isForMe = [held?.aud].flat().includes(own.identifier ?? '');
      const person = held?.grantId === undefined ? undefined : await seenBy(ctx).grant(held.grantId);
      const isOfPerson = held?.accountId !== undefined && person?.session.accountId === held.accountId;
      if (!isOfPerson || !isForMe || !(await mayClientOf(world, seenBy(ctx), held.clientId, held.grantId))) {
        throw new InvalidGrant('the subject token is none of a person that was made for this client');
      }
      const api = await resourceFor(world, { InvalidTarget }, own, resource);
      const possible = api.scope.split(' ').filter((scope) => scope !== '');
      const asked = params.scope?.split(' ').filter((scope) => scope !== '') ?? possible;
      const foreign = asked.find((scope) => !possible.includes(scope));
      if (foreign !== undefined) throw new InvalidScope('requested scope is not allowed', foreign);

      const { session, act } = { session: person.session, act: held.extra?.['act'] };
      seenBy(ctx).acting = {
        session,
        act: { sub: client.clientId, ...(act === undefined ? {} : { act }) },
        through: [held.clientId ?? '', ...throughOf(person.artifact)],
      };
      const grant = new provider.Grant({ clientId: client.clientId, accountId: held.accountId });
      grant.addResourceScope(resource, asked.join(' '));
      const seconds = Math.min(api.accessTokenTTL ?? held.remainingTTL, held.remainingTTL);
      const token = new provider.AccessToken({
        client,
        accountId: held.accountId,
        grantId: await grant.save(),
        gty: 'token_exchange',
        expiresIn: seconds,
      });
      token.resourceServer = new provider.ResourceServer(resource, api);
      token.scope = asked.join(' ');
      ctx.oidc.entity('AccessToken', token);
      ctx.body = {
        access_token: await token.save(),
        issued_token_type: accessTokenType,
        token_type: 'Bearer',
        expires_in: seconds,
        scope: token.scope,
      };
    },
    names,
    ['resource', 'audience'],
  );
}
