import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Member } from '#contract';
import { Asked } from '../page/asked.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { Section } from '../page/section.tsx';
import { To, ToRow } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { ask, useListing } from '../server/ask.ts';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Copyable } from '../values/copyable.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { State } from '../values/state.tsx';
import { At } from '../values/time.tsx';
import { useDirectoryName } from './directory-name.ts';

const route = getRouteApi('/directories/$directory/groups/$group');

/** One provisioned group with its members. */
export function Group() {
  const { directory, group } = route.useParams();
  const query = useQuery(ask('groups.get', { directory, group }));
  const members = useListing('groups.members', { directory, group });
  const directoryName = useDirectoryName(directory);
  return (
    <Page
      title={query.data?.displayName ?? 'Group'}
      trail={
        <Trail>
          <To to="/directories">Directories</To>
          <To to="/directories/$directory/groups" params={{ directory }}>
            {directoryName}
          </To>
        </Trail>
      }
      lead="Comes from Entra and is changed there."
    >
      <Asked query={query} what="the group">
        {({ id, externalId, createdAt, updatedAt }) => (
          <Facts>
            <Fact name="External id">
              {externalId === null ? 'none' : <Copyable value={externalId} label="External id" inline />}
            </Fact>
            <Fact name="Id">
              <Copyable value={id} label="Id" inline />
            </Fact>
            <Fact name="Provisioned">
              <At at={createdAt} />
            </Fact>
            <Fact name="Last changed">
              <At at={updatedAt} />
            </Fact>
          </Facts>
        )}
      </Asked>
      <Section
        title={
          query.data === undefined
            ? 'Members'
            : `${query.data.members.toLocaleString('en')} ${query.data.members === 1 ? 'member' : 'members'}`
        }
        actions={
          <To to="/directories/$directory/requests" params={{ directory }} search={{ resource: group }}>
            Requests about this group
          </To>
        }
      >
        <Listed
          listing={members}
          what="members"
          empty={<NothingHere title="No member">Entra has not put anybody into this group.</NothingHere>}
        >
          {(items) => (
            <Table
              label="Members"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { title: 'Member', cell: (member) => <MemberName directory={directory} member={member} /> },
                { title: 'State', width: '150px', cell: (member) => <MemberState member={member} /> },
              ]}
            />
          )}
        </Listed>
      </Section>
    </Page>
  );
}

function MemberName({
  directory,
  member: { id, displayName, userName, dangling },
}: {
  directory: string;
  member: Member;
}) {
  if (dangling) return <TwoLines first={id} second="no user of this id is here" />;
  return (
    <TwoLines
      first={
        <ToRow to="/directories/$directory/users/$user" params={{ directory, user: id }}>
          {displayName ?? userName ?? id}
        </ToRow>
      }
      second={userName}
    />
  );
}

function MemberState({ member: { active, dangling } }: { member: Member }) {
  if (dangling) return <State tone="warning">unknown</State>;
  if (active === null) return null;
  return <State tone={active ? 'good' : 'paused'}>{active ? 'active' : 'inactive'}</State>;
}
