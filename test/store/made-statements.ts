import { fileURLToPath } from 'node:url';
import {
  GROUP_TYPE,
  planGroupPatch,
  type ResolvedFilter,
  type ResourceType,
  readListQuery,
  resolveFilter,
  resolveSort,
  USER_TYPE,
} from '#scim';
import { filterValues, type Values } from '#store';
import type { AnyStatement } from './all-statements.ts';

/** A statement that is made for a filter or an order when somebody asks for it, and the values of that filter. */
export interface MadeStatement {
  statement: AnyStatement;
  values: Values;
}

interface Builders {
  listUsersStatement: (shape: Shape) => AnyStatement;
  listGroupsStatement: (shape: Shape) => AnyStatement;
  countUsersStatement: (name: string, filter: ResolvedFilter) => AnyStatement;
  countGroupsStatement: (name: string, filter: ResolvedFilter) => AnyStatement;
  removeMembersWhere: (filter: ResolvedFilter) => AnyStatement;
}

interface Shape {
  name: string;
  filter: ResolvedFilter | undefined;
  sort: { attribute: ReturnType<typeof resolveSort>; order: 'ascending' | 'descending' } | undefined;
  start?: 'id' | 'key' | 'null';
  backwards?: boolean;
}

/** Filters whose SQL looks into another table, by a name for the statement. */
const userFilters: Readonly<Record<string, string>> = {
  ByTitle: 'title eq "folded-1" or userName eq "user_name_folded-1"',
  ByTitlePresent: 'title pr or userName eq "user_name_folded-1"',
  ByWorkAddress: 'emails[type eq "work" and value eq "b@x.example"]',
  ByAddressAndType: 'emails[value eq "c@x.example" and type eq "work"] or userName eq "user_name_folded-1"',
  ByGroup: 'groups.value eq "id-1"',
  ByGroupName: 'groups.display eq "there" or groups.value eq "id-1"',
};
const groupFilters: Readonly<Record<string, string>> = {
  ByMember: 'members.value eq "member-elsewhere" or members.value eq "id-2"',
  ByMemberName: 'members.display eq "second"',
};
const sorts: Readonly<Record<string, string>> = { ByNickName: 'nickName', ByAddress: 'emails.value' };

function readFilter(text: string, type: ResourceType): ResolvedFilter {
  const { filter } = readListQuery(new URLSearchParams({ filter: text }), { defaultCount: 10, maxCount: 10 });
  if (filter === undefined) throw new Error(`${text} is no filter`);
  return resolveFilter(filter, type);
}

function readMemberFilter(text: string): ResolvedFilter {
  const operation = { op: 'remove', path: `members[${text}]`, where: 'here' } as const;
  const [change] = planGroupPatch([operation], { resourceType: GROUP_TYPE }).members;
  if (change?.kind !== 'removeWhere') throw new Error(`${text} is no filter over members`);
  return change.filter;
}

const load = async (file: string): Promise<Builders> =>
  import(fileURLToPath(new URL(`../../src/directory/queries/${file}`, import.meta.url)));

/** One statement of each form that directories make, each with a filter or an order that reaches into other tables. */
export async function makeStatements(): Promise<MadeStatement[]> {
  const { listUsersStatement, countUsersStatement, listGroupsStatement, countGroupsStatement } = await load('list.ts');
  const { removeMembersWhere } = await load('member-filter.ts');
  const page = {
    limit: 10,
    offset: 0,
    positionId: '',
    positionKey: '',
    baseUrl: 'https://portico.example/scim/v2/con-x',
  };
  const ofType = (
    type: ResourceType,
    filters: Readonly<Record<string, string>>,
    list: Builders['listUsersStatement'],
    count: Builders['countUsersStatement'],
  ) =>
    Object.entries(filters).flatMap(([by, text]) => {
      const filter = readFilter(text, type);
      const values = { ...filterValues(filter), ...page };
      const name = `${type.name}s${by}`;
      return [
        { statement: list({ name: `directory.list${name}`, filter, sort: undefined }), values },
        { statement: count(`directory.count${name}`, filter), values },
      ];
    });
  const sorted = Object.entries(sorts).map(([by, path]) => {
    const sort = { attribute: resolveSort(path, USER_TYPE), order: 'ascending' } as const;
    return {
      statement: listUsersStatement({ name: `directory.listUsers${by}`, filter: undefined, sort }),
      values: page,
    };
  });
  const byName = { attribute: resolveSort('userName', USER_TYPE), order: 'ascending' } as const;
  const further = [
    listUsersStatement({ name: 'directory.listUsersFurther', filter: undefined, sort: undefined, start: 'id' }),
    listUsersStatement({ name: 'directory.listUsersFurtherByName', filter: undefined, sort: byName, start: 'key' }),
    listGroupsStatement({ name: 'directory.listGroupsFurther', filter: undefined, sort: undefined, start: 'id' }),
  ].map((statement) => ({ statement, values: page }));
  const members = readMemberFilter('display eq "display_name_folded-1"');
  const removal = { ...removeMembersWhere(members), name: 'directory.removeMembersByName' };
  return [
    ...ofType(USER_TYPE, userFilters, listUsersStatement, countUsersStatement),
    ...ofType(GROUP_TYPE, groupFilters, listGroupsStatement, countGroupsStatement),
    ...sorted,
    ...further,
    { statement: removal, values: { ...filterValues(members), ...page } },
  ];
}
