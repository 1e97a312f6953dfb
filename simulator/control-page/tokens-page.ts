import { html } from 'hono/html';
import type { IssuedToken } from '../token/issued-tokens.ts';
import type { World } from '../world.ts';
import { foldedList } from './data-table.ts';
import { type Content, instant } from './shell.ts';

/** What the last tokens say. The tokens themselves are not kept. */
export function tokensPage(world: World): Content {
  const newest = world.tokens.toReversed().slice(0, 200);
  return {
    tab: 'tokens',
    title: 'Tokens',
    about: 'What the last 200 signed tokens say, newest first. The tokens themselves are not kept.',
    live: foldedList(
      newest,
      (token) => html`<b>${kindOf(token)}</b> for ${audienceOf(world, token)}, ${whoOf(token)}
<span class="soft">${world.tenants.get(text(token.claims['tid']))?.name ?? ''} ${instant(token.at)}</span>`,
      ({ claims, kid }) => html`<pre tabindex="0">${JSON.stringify({ kid, ...claims }, null, 2)}</pre>`,
      'No token was given out yet.',
    ),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function audienceOf({ applications }: World, { claims }: IssuedToken): string {
  const audience = text(claims['aud']);
  return applications.get(audience)?.displayName ?? audience;
}

/** An id_token is for the app itself and has no scopes; what has neither user nor scope is an app's own. */
function kindOf({ claims }: IssuedToken): string {
  if ('scp' in claims) return 'access token for a person';
  if (claims['idtyp'] === 'app' || 'roles' in claims) return 'access token for an app';
  return 'nonce' in claims || 'preferred_username' in claims ? 'id_token' : 'token';
}

function whoOf({ claims }: IssuedToken): string {
  const named = [claims['upn'], claims['preferred_username'], claims['app_displayname'], claims['name']];
  return named.map(text).find(Boolean) ?? text(claims['sub']);
}
