import { html } from 'hono/html';
import { notFound } from '../control/control-error.ts';
import { readNumber } from '../control/read-body.ts';
import { tenantOf } from '../control/tenants.ts';
import type { Exchange } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { dataList, dataTable } from './data-table.ts';
import { chosenTenant, pageSize, paging, tenantChoice } from './people-page.ts';
import { type Content, instant, pageAddress } from './shell.ts';

/** Groups of a tenant, by pages. */
export function groupsPage(world: World, exchange: Exchange): Content {
  const tenant = chosenTenant(world, exchange);
  const skip = readNumber(exchange, 'skip', 0, Number.MAX_SAFE_INTEGER);
  const found = [
    ...tenant.groups
      .values()
      .drop(skip)
      .take(pageSize + 1),
  ];
  return {
    tab: 'groups',
    title: 'Groups',
    about: `${tenant.groups.size} groups in ${tenant.name}.`,
    steady: html`<form method="get" action="${pageAddress('groups')}">${tenantChoice(world, tenant)}<button class="primary">Show</button></form>`,
    live: html`${dataTable(
      found.slice(0, pageSize),
      [
        [
          'Name',
          ({ id, displayName }) => html`<a href="${pageAddress(`groups/${tenant.id}/${id}`)}">${displayName}</a>`,
        ],
        ['Object id', ({ id }) => html`<code>${id}</code>`],
        ['Members', ({ memberIds }) => memberIds.size],
      ],
      'There is no group in this tenant.',
    )}${paging('groups', { tenant: tenant.id }, skip, found.length)}`,
  };
}

/** One group with its first hundred members. */
export function groupPage(world: World, tenantKey: string, id: string): Content {
  const tenant = tenantOf(world, tenantKey);
  const group = tenant.groups.get(id);
  if (group === undefined) throw notFound('group', id);
  const members = [...group.memberIds.values().take(100)].map((member) => ({
    id: member,
    name: tenant.users.get(member)?.displayName ?? tenant.groups.get(member)?.displayName ?? 'somebody who was deleted',
    kind: tenant.groups.has(member) ? 'groups' : 'people',
  }));
  return {
    tab: 'groups',
    title: group.displayName,
    about: `Group of ${tenant.name} with ${group.memberIds.size} direct members${group.memberIds.size > 100 ? '; the first hundred are shown' : ''}.`,
    live: html`${dataList([
      ['Object id', html`<code>${group.id}</code>`],
      ['Description', group.description],
      ['Created', instant(group.createdDateTime)],
    ])}${dataTable(
      members,
      [
        [
          'Member',
          ({ id: member, name, kind }) => html`<a href="${pageAddress(`${kind}/${tenant.id}/${member}`)}">${name}</a>`,
        ],
        ['Kind', ({ kind }) => (kind === 'people' ? 'person' : 'group')],
      ],
      'Nobody is in this group.',
    )}`,
  };
}
