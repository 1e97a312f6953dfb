import { statement } from '#store';

/** Sends an e-mail domain to a connection; says whether no other one of the organization has it. */
export const insertDomainScope = statement(
  'connections.insertDomainScope',
  (db, p: { domain: string; organizationId: string; connectionId: string }) =>
    db
      .insertInto('domain_scope')
      .values({ domain: p.domain, organization_id: p.organizationId, connection_id: p.connectionId })
      .onConflict((conflict) => conflict.columns(['domain', 'organization_id']).doNothing())
      .returning('domain'),
);

export const removeDomainScopes = statement('connections.removeDomainScopes', (db, p: { connectionId: string }) =>
  db.deleteFrom('domain_scope').where('connection_id', '=', p.connectionId),
);

/** The connection of an organization that a domain is sent to. */
export const findDomainScope = statement(
  'connections.findDomainScope',
  (db, p: { domain: string; organizationId: string }) =>
    db
      .selectFrom('domain_scope')
      .select('connection_id')
      .where('domain', '=', p.domain)
      .where('organization_id', '=', p.organizationId),
);

/** The connection that people of a domain are sent to: that of the organization whose the domain is. */
export const findRoute = statement('connections.findRoute', (db, p: { domain: string }) =>
  db
    .selectFrom('domain_scope as scope')
    .innerJoin('domain_owner as owner', (join) =>
      join.onRef('owner.domain', '=', 'scope.domain').onRef('owner.organization_id', '=', 'scope.organization_id'),
    )
    .select(['scope.organization_id', 'scope.connection_id'])
    .where('scope.domain', '=', p.domain),
);

/** Makes a domain an organization's own; gives no row where it is anybody's already. */
export const insertDomainOwner = statement(
  'connections.insertDomainOwner',
  (db, p: { domain: string; organizationId: string }) =>
    db
      .insertInto('domain_owner')
      .values({ domain: p.domain, organization_id: p.organizationId })
      .onConflict((conflict) => conflict.column('domain').doNothing())
      .returning('domain'),
);

export const findDomainOwner = statement('connections.findDomainOwner', (db, p: { domain: string }) =>
  db.selectFrom('domain_owner').select('organization_id').where('domain', '=', p.domain),
);

export const removeDomainOwner = statement(
  'connections.removeDomainOwner',
  (db, p: { domain: string; organizationId: string }) =>
    db.deleteFrom('domain_owner').where('domain', '=', p.domain).where('organization_id', '=', p.organizationId),
);

const columns = [
  'domain',
  'token',
  'state',
  'trusted',
  'verified_at',
  'checked_at',
  'failing_at',
  'saw',
  'created_at',
] as const;

/** Notes that an organization names a domain, unless it does already. */
export const insertDomain = statement(
  'connections.insertDomain',
  (db, p: { organizationId: string; domain: string; token: string; at: number }) =>
    db
      .insertInto('domain')
      .values({
        organization_id: p.organizationId,
        domain: p.domain,
        token: p.token,
        state: 'pending',
        trusted: 0,
        created_at: p.at,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'domain']).doNothing())
      .returning('domain'),
);

export const findDomain = statement('connections.findDomain', (db, p: { organizationId: string; domain: string }) =>
  db
    .selectFrom('domain')
    .select(columns)
    .where('organization_id', '=', p.organizationId)
    .where('domain', '=', p.domain),
);

export const listDomains = statement(
  'connections.listDomains',
  (db, p: { organizationId: string; after: string; limit: number }) =>
    db
      .selectFrom('domain')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('domain', '>', p.after)
      .orderBy('domain')
      .limit(p.limit),
);

/** What a check of its record showed. */
export const updateDomainState = statement(
  'connections.updateDomainState',
  (
    db,
    p: {
      organizationId: string;
      domain: string;
      state: string;
      verifiedAt: number | null;
      failingAt: number | null;
      saw: string;
      at: number;
    },
  ) =>
    db
      .updateTable('domain')
      .set({
        state: p.state,
        verified_at: p.verifiedAt,
        failing_at: p.failingAt,
        saw: p.saw,
        checked_at: p.at,
      })
      .where('organization_id', '=', p.organizationId)
      .where('domain', '=', p.domain)
      .returning(columns),
);

export const updateDomainTrusted = statement(
  'connections.updateDomainTrusted',
  (db, p: { organizationId: string; domain: string; trusted: number }) =>
    db
      .updateTable('domain')
      .set({ trusted: p.trusted })
      .where('organization_id', '=', p.organizationId)
      .where('domain', '=', p.domain)
      .returning(columns),
);

export const removeDomain = statement('connections.removeDomain', (db, p: { organizationId: string; domain: string }) =>
  db
    .deleteFrom('domain')
    .where('organization_id', '=', p.organizationId)
    .where('domain', '=', p.domain)
    .returning('domain'),
);

/** The domains of an organization that goes; gives which. */
export const removeAllDomains = statement('connections.removeAllDomains', (db, p: { organizationId: string }) =>
  db.deleteFrom('domain').where('organization_id', '=', p.organizationId).returning('domain'),
);
