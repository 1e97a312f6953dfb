import { only, type PageQuery, type World } from '#store';
import { listGroupsByName } from '../queries/group.ts';
import { listOfExternalId } from '../queries/named.ts';
import {
  findNamed,
  findNextFacet,
  findNextName,
  listRequests,
  listRequestsAbout,
  listRequestsNaming,
  listRequestsOfFacet,
} from '../queries/request.ts';
import { listUsersByName } from '../queries/user.ts';
import { nameRange } from './name-range.ts';

/** What recorded requests are looked for by; what is left out takes all. */
export interface RequestQuery extends PageQuery {
  /** The beginning of a user name or of a group's name, an externalId, or an id of ours. */
  about?: string | undefined;
  /** The id of a user or group. */
  resource?: string | undefined;
  outcome: 'all' | 'changed' | 'unchanged' | 'refused' | 'read';
  status?: number | undefined;
  method?: string | undefined;
  /** When it came: from then on, and before then; ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
}

/** A recorded request as it is listed. */
export interface RequestListed {
  id: string;
  at: number;
  method: string;
  path: string;
  status: number;
  microseconds: number;
  token_name: string | null;
  resource_id: string | null;
  kind: string;
  outcome: string;
}

type Span = {
  organizationId: string;
  directoryId: string;
  from: string;
  before: string;
  limit: number;
};

/** After every id. */
const newest = '~';
/** So many names, users and groups that begin as was asked are looked for. */
const mostNames = 10;

/**
 * Recorded requests, newest first, one more than the limit where more follow. Each kind of search walks an index: of names,
 * of users and groups, or of outcome, method and status; several walks are merged.
 */
export async function findRequests(
  world: World,
  scope: { organizationId: string; directoryId: string },
  query: RequestQuery,
): Promise<RequestListed[]> {
  const span = spanOf(scope, query);
  const { about, resource, outcome, status, method } = query;
  const filtered = outcome !== 'all' || status !== undefined || method !== undefined;
  const facets = filtered ? await matchingFacets(world, scope, query) : [];
  if (filtered && facets.length === 0) return [];
  if (about !== undefined || resource !== undefined) {
    const walks = await walksAbout(world, span, query, JSON.stringify(facets));
    return merge(await Promise.all(walks), span.limit);
  }
  if (!filtered) return world.store.read(listRequests, span);
  const walks = facets.map((facet) => world.store.read(listRequestsOfFacet, { ...span, facet }));
  return merge(await Promise.all(walks), span.limit);
}

/** The first twelve digits of an id are its time. */
const idAt = (iso: string): string => {
  const digits = Math.max(0, Date.parse(iso)).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
};

function spanOf(
  scope: { organizationId: string; directoryId: string },
  { cursor, from, to, limit }: RequestQuery,
): Span {
  const end = to === undefined ? newest : idAt(to);
  const before = cursor === undefined || cursor > end ? end : cursor;
  return { ...scope, from: from === undefined ? '' : idAt(from), before, limit: limit + 1 };
}

async function matchingFacets(
  world: World,
  scope: { organizationId: string; directoryId: string },
  { outcome, status, method }: RequestQuery,
): Promise<string[]> {
  const found: string[] = [];
  for (let after = outcome === 'all' ? '' : `${outcome} `; ; ) {
    const facet = only(await world.store.read(findNextFacet, { ...scope, after }))?.facet;
    if (facet === undefined) return found;
    const [kind, asked, answered] = facet.split(' ');
    if (outcome !== 'all' && kind !== outcome) return found;
    if ((method ?? asked) === asked && (status ?? Number(answered)) === Number(answered)) found.push(facet);
    after = facet;
  }
}

/** Each user, group and name that is meant, as a walk of its own. */
async function walksAbout(
  world: World,
  span: Span,
  { about, resource }: RequestQuery,
  facets: string,
): Promise<Promise<RequestListed[]>[]> {
  const ids = new Set<string>(resource === undefined ? [] : [resource]);
  const names: string[] = [];
  if (about !== undefined && resource === undefined) {
    const { organizationId, directoryId } = span;
    const scope = { organizationId, directoryId };
    const range = nameRange(about);
    ids.add(about);
    const first = { ...scope, ...range, after: '', limit: mostNames };
    for (const { id } of [
      ...(await world.store.read(listOfExternalId, { ...scope, externalId: about })).slice(0, mostNames),
      ...(await world.store.read(listUsersByName, first)),
      ...(await world.store.read(listGroupsByName, first)),
    ])
      ids.add(id);
    for (let after = ''; names.length < mostNames; ) {
      const name = only(await world.store.read(findNextName, { ...scope, ...range, after }))?.about;
      if (name == null) break;
      names.push(name);
      const id = only(await world.store.read(findNamed, { ...scope, about: name }))?.resource_id;
      if (id != null) ids.add(id);
      after = name;
    }
  }
  return [
    ...Array.from(ids, (resourceId) => world.store.read(listRequestsAbout, { ...span, resourceId, facets })),
    ...names.map((name) => world.store.read(listRequestsNaming, { ...span, about: name, facets })),
  ];
}

function merge(walks: readonly RequestListed[][], limit: number): RequestListed[] {
  const byId = new Map(walks.flat().map((row) => [row.id, row]));
  return [...byId.values()].sort((one, two) => (one.id < two.id ? 1 : -1)).slice(0, limit);
}
