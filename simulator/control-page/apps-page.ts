import { html } from 'hono/html';
import type { Application } from '../applications/application.ts';
import { consentedRoles } from '../applications/consent.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import type { Markup } from '../pages/page.ts';
import type { World } from '../world.ts';
import { actionButton, dataList } from './data-table.ts';
import { end } from './overview-page.ts';
import type { Content } from './shell.ts';

/** App registrations with redirects, credentials and their ends, and what each tenant allows them. */
export function appsPage(world: World): Content {
  const apps = [...world.applications.values()].filter(({ homeTenantId }) => homeTenantId !== microsoftTenantId);
  return {
    tab: 'apps',
    title: 'Apps',
    about: `${apps.length === 1 ? 'One app registration' : `${apps.length} app registrations`}, beside Microsoft's own.`,
    live:
      apps.length === 0
        ? html`<p class="empty">No app is registered. <code>POST /_control/tenants/{tenant}/applications</code> makes one, or Graph does.</p>`
        : html`<div class="cards">${apps.map((app) => card(world, app))}</div>`,
  };
}

function card(world: World, app: Application): Markup {
  const redirects = [...app.web.redirectUris, ...app.spa.redirectUris, ...app.publicClient.redirectUris];
  const secrets = app.passwordCredentials.map(
    ({ hint, displayName, endDateTime }) =>
      html`<div><code>${hint}…</code> ${displayName ?? ''} ${end(world, endDateTime)}</div>`,
  );
  const certificates = app.keyCredentials.map(
    ({ customKeyIdentifier, endDateTime }) =>
      html`<div><code>${customKeyIdentifier}</code> ${end(world, endDateTime)}</div>`,
  );
  return html`<section class="card"><h2>${app.displayName}</h2>${dataList([
    ['Client id', html`<code>${app.appId}</code>`],
    ['Home', world.tenants.get(app.homeTenantId)?.name ?? app.homeTenantId],
    ['Audience', app.signInAudience],
    [
      'Redirects',
      redirects.length === 0 ? null : html`${redirects.map((uri) => html`<div><code>${uri}</code></div>`)}`,
    ],
    ['Secrets', secrets.length === 0 ? null : html`${secrets}`],
    ['Certificates', certificates.length === 0 ? null : html`${certificates}`],
    ['Federated', app.federatedIdentityCredentials.map(({ subject }) => subject).join(', ')],
    ['In tenants', html`${[...world.tenants.values()].map((tenant) => inTenant(world, app, tenant.id))}`],
  ])}<div class="row">${actionButton('fault', 'Expire its secrets', { name: 'secret-expired', app: app.appId, back: 'faults' })}
${actionButton('fault', 'Withdraw consent', { name: 'consent-missing', app: app.appId, back: 'faults' })}</div></section>`;
}

function inTenant(world: World, app: Application, tenantId: string): Markup | string {
  const tenant = world.tenants.get(tenantId);
  const principal = tenant?.servicePrincipals.get(app.appId);
  if (tenant === undefined || principal === undefined) return '';
  const apis = [...world.applications.values()].filter(({ appRoles }) => appRoles.length > 0);
  const permissions = apis.flatMap((api) => consentedRoles(tenant, principal, api));
  return html`<div><b>${tenant.name}</b>${principal.accountEnabled ? '' : html` <span class="bad">disabled</span>`}${
    principal.appRoleAssignmentRequired ? `, assignment required (${principal.assignments.size} assigned)` : ''
  }${permissions.length === 0 ? '' : `: ${permissions.join(', ')}`}</div>`;
}
