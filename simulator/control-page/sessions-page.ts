import { html } from 'hono/html';
import type { World } from '../world.ts';
import { dataTable } from './data-table.ts';
import { end } from './overview-page.ts';
import { type Content, instant } from './shell.ts';

/** So many refresh tokens are shown. */
const shown = 100;

/** Who is signed in where, and which refresh tokens are out; neither cookies nor tokens. */
export function sessionsPage(world: World): Content {
  const accounts = [...world.sessions.values()].flatMap(({ accounts: all }) => [...all.values()]);
  const tokens = [...world.grants.refreshTokens.values()].slice(-shown).reverse();
  const nameOf = (tenantId: string, userId: string): string =>
    world.tenants.get(tenantId)?.users.get(userId)?.userPrincipalName ?? 'somebody who was deleted';
  const appOf = (appId: string): string => world.applications.get(appId)?.displayName ?? appId;
  return {
    tab: 'sessions',
    title: 'Sessions',
    about: 'Accounts that are signed in to browsers, and refresh tokens that are out.',
    live: html`<h2>Browsers</h2>${dataTable(
      accounts,
      [
        ['Person', ({ homeTenantId, homeUserId }) => nameOf(homeTenantId, homeUserId)],
        ['Signed in', ({ authenticatedAt }) => instant(authenticatedAt), 'short'],
        ['sid', ({ sid }) => html`<code>${sid}</code>`],
        ['Apps', ({ apps }) => [...apps.keys()].map(appOf).join(', ') || '–'],
      ],
      'Nobody is signed in.',
    )}<h2>Refresh tokens</h2>${
      world.grants.refreshTokens.size > shown
        ? html`<p class="soft">The last ${shown} of ${world.grants.refreshTokens.size}.</p>`
        : ''
    }${dataTable(
      tokens,
      [
        ['Person', ({ grant }) => nameOf(grant.tenantId, grant.userId)],
        ['App', ({ grant }) => appOf(grant.appId)],
        ['Scopes', ({ grant }) => [...grant.openidScopes, ...grant.resourceScopes].join(' ')],
        [
          'Life',
          ({ revokedAt, expiresAt }) =>
            revokedAt === undefined
              ? end(world, expiresAt)
              : html`<span class="bad">revoked ${instant(revokedAt)}</span>`,
        ],
      ],
      'No refresh token is out.',
    )}`,
  };
}
