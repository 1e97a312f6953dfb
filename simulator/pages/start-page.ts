import { html } from 'hono/html';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { page } from './page.ts';

/** The page at `/`: what is simulated here, and where to ask and change it. */
export function startPage(world: World, exchange: Exchange): Promise<Answer> {
  const { origin } = exchange;
  const tenants = [...world.tenants.values()].map((tenant) => {
    const people = tenant.users.values().take(12).toArray();
    const apps = [...world.applications.values()].filter((application) =>
      tenant.servicePrincipals.has(application.appId),
    );
    return html`<h2>${tenant.name}</h2>
<dl><dt>Tenant id</dt><dd><code>${tenant.id}</code></dd><dt>Domain</dt><dd>${tenant.domain}</dd>
<dt>Metadata</dt><dd><a href="/${tenant.id}/v2.0/.well-known/openid-configuration">${origin}/${tenant.id}/v2.0/.well-known/openid-configuration</a></dd>
<dt>Users</dt><dd><a href="/_control/tenants/${tenant.id}/users">${tenant.users.size}</a></dd>
<dt>Groups</dt><dd><a href="/_control/tenants/${tenant.id}/groups">${tenant.groups.size}</a></dd>
<dt>Apps</dt><dd>${apps.length === 0 ? 'none yet' : apps.map((app) => html`${app.displayName} (<code>${app.appId}</code>) `)}</dd></dl>
<table><caption>Some of the people</caption><thead><tr><th>Name</th><th>User name</th></tr></thead>
<tbody>${people.map((user) => html`<tr><td>${user.displayName}</td><td>${user.userPrincipalName}</td></tr>`)}</tbody></table>`;
  });
  const content = html`<h1>Simulated Microsoft Entra tenants</h1>
<p>This is not Microsoft. Login endpoints and Microsoft Graph (<code>${origin}/v1.0</code>) answer here as theirs do, for made-up people.</p>
<p>Time here: ${new Date(world.clock.now()).toISOString()}. Everything can be seen and changed on the <a href="/_control">control page</a>, by programs under <a href="/_control/tenants"><code>/_control</code></a>.</p>
${tenants}`;
  return page('Simulated Entra tenants', content);
}
