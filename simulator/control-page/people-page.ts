import { html } from 'hono/html';
import { readNumber } from '../control/read-body.ts';
import { tenantOf, userOf } from '../control/tenants.ts';
import { directGroups, type Tenant, type User } from '../directory/tenant.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Markup } from '../pages/page.ts';
import type { World } from '../world.ts';
import { actionButton, dataList, dataTable } from './data-table.ts';
import { type Content, instant, pageAddress } from './shell.ts';

/** So many stand on a page. */
export const pageSize = 50;

/** People of a tenant, by pages; a search goes through them until the page is full. */
export function peoplePage(world: World, exchange: Exchange): Content {
  const tenant = chosenTenant(world, exchange);
  const search = exchange.url.searchParams.get('search') ?? '';
  const skip = readNumber(exchange, 'skip', 0, Number.MAX_SAFE_INTEGER);
  const wanted = search.toLowerCase();
  const fits = (user: User): boolean =>
    wanted === '' || `${user.displayName} ${user.userPrincipalName} ${user.mail ?? ''}`.toLowerCase().includes(wanted);
  const found = [
    ...tenant.users
      .values()
      .filter(fits)
      .drop(skip)
      .take(pageSize + 1),
  ];
  return {
    tab: 'people',
    title: 'People',
    about: `${tenant.users.size} people in ${tenant.name}, ${tenant.deletedUsers.size} deleted.`,
    steady: html`<form method="get" action="${pageAddress('people')}">${tenantChoice(world, tenant)}
<label>Name, user name or address contains<input type="search" name="search" value="${search}"></label><button class="primary">Search</button></form>`,
    live: html`${dataTable(
      found.slice(0, pageSize),
      [
        ['Name', ({ id, displayName }) => html`<a href="${personAddress(tenant, id)}">${displayName}</a>`],
        ['User name', ({ userPrincipalName }) => userPrincipalName],
        ['Department', ({ department }) => department ?? '–'],
        ['Type', ({ userType }) => userType],
        ['Account', accountState],
      ],
      search === '' ? 'Nobody is in this tenant.' : `Nobody is found for “${search}”.`,
    )}${paging('people', { tenant: tenant.id, search }, skip, found.length)}`,
  };
}

/** One person with the groups. */
export function personPage(world: World, tenantKey: string, key: string): Content {
  const tenant = tenantOf(world, tenantKey);
  const user = userOf(tenant, key);
  const manager = tenant.users.get(user.managerId ?? '');
  const back = `people/${tenant.id}/${user.id}`;
  const toggled = { tenant: tenant.id, user: user.id, accountEnabled: String(!user.accountEnabled), back };
  return {
    tab: 'people',
    title: user.displayName,
    about: `${user.userType} of ${tenant.name}`,
    steady: html`<div class="row">${actionButton('account', user.accountEnabled ? 'Disable the account' : 'Enable the account', toggled)}
${actionButton('delete-user', 'Delete', { tenant: tenant.id, user: user.id, back: 'people' }, 'danger')}</div>`,
    live: html`${dataList([
      ['Account', accountState(user)],
      ['Object id', html`<code>${user.id}</code>`],
      ['User name', user.userPrincipalName],
      ['Mail', user.mail],
      ['Addresses', user.proxyAddresses.join(', ')],
      ['Mailbox', user.hasMailbox ? html`<a href="${pageAddress(`mail/${user.id}`)}">open it</a>` : 'none'],
      ['Job', user.jobTitle],
      ['Department', user.department],
      ['Company', user.companyName],
      ['Employee id', user.employeeId],
      ['Phones', [...user.businessPhones, user.mobilePhone].filter(Boolean).join(', ')],
      ['Office', user.officeLocation],
      [
        'Manager',
        manager === undefined ? null : html`<a href="${personAddress(tenant, manager.id)}">${manager.displayName}</a>`,
      ],
      ['Home tenant', user.homeTenantId],
      ['Directory roles', [...(tenant.directoryRoles.get(user.id) ?? [])].join(', ')],
      ['Created', instant(user.createdDateTime)],
    ])}<h2>Groups</h2>${dataTable(
      directGroups(tenant, user.id),
      [
        [
          'Name',
          ({ id, displayName }) => html`<a href="${pageAddress(`groups/${tenant.id}/${id}`)}">${displayName}</a>`,
        ],
        ['Members', ({ memberIds }) => memberIds.size],
      ],
      'In no group.',
    )}`,
  };
}

/** The tenant that a page is about: the first, where none is named. */
export function chosenTenant(world: World, exchange: Exchange): Tenant {
  const [first] = world.tenants.keys();
  return tenantOf(world, exchange.url.searchParams.get('tenant') ?? first ?? '');
}

/** A field to choose the tenant by. */
export function tenantChoice(world: World, chosen: Tenant): Markup {
  const options = [...world.tenants.values()].map(
    ({ id, name }) => html`<option value="${id}"${id === chosen.id ? html` selected` : ''}>${name}</option>`,
  );
  return html`<label>Tenant<select name="tenant">${options}</select></label>`;
}

/** Links to the page before and after; `found` is one more than a page holds where there is a next one. */
export function paging(tab: string, query: Readonly<Record<string, string>>, skip: number, found: number): Markup {
  const to = (start: number) => pageAddress(tab, { ...query, skip: String(Math.max(start, 0)) });
  return html`<p class="row">${skip === 0 ? '' : html`<a class="button" rel="prev" href="${to(skip - pageSize)}">Before</a>`}
${found <= pageSize ? '' : html`<a class="button" rel="next" href="${to(skip + pageSize)}">Next</a>`}
${found === 0 ? '' : html`<span class="soft">${skip + 1} to ${skip + Math.min(found, pageSize)}</span>`}</p>`;
}

const personAddress = (tenant: Tenant, id: string): string => pageAddress(`people/${tenant.id}/${id}`);

function accountState({ accountEnabled }: User): Markup {
  return accountEnabled ? html`enabled` : html`<span class="bad">disabled</span>`;
}
