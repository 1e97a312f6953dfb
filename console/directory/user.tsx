import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Asked } from '../page/asked.tsx';
import { Page } from '../page/page.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { ask } from '../server/ask.ts';
import { CodeBlock } from '../values/code-block.tsx';
import { Copyable } from '../values/copyable.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { State } from '../values/state.tsx';
import { At } from '../values/time.tsx';
import { useDirectoryName } from './directory-name.ts';
import { NameList } from './name-list.tsx';

const route = getRouteApi('/directories/$directory/users/$user');

/** One provisioned user. Everything here comes from Entra and is changed there. */
export function User() {
  const { directory, user } = route.useParams();
  const query = useQuery(ask('users.get', { directory, user }));
  const directoryName = useDirectoryName(directory);
  const known = query.data;
  return (
    <Page
      title={known?.displayName ?? known?.userName ?? 'User'}
      beside={
        known !== undefined && (
          <State tone={known.active ? 'good' : 'paused'}>
            {known.softDeleted ? 'deleted in Entra' : known.active ? 'active' : 'inactive'}
          </State>
        )
      }
      trail={
        <Trail>
          <To to="/directories">Directories</To>
          <To to="/directories/$directory/users" params={{ directory }}>
            {directoryName}
          </To>
        </Trail>
      }
      lead={
        known?.softDeleted === true
          ? 'Comes from Entra, where it was deleted and can be restored for 30 days.'
          : 'Comes from Entra and is changed there.'
      }
    >
      <Asked query={query} what="the user" rows={8}>
        {({ id, userName, email, externalId, groups, manager, resource, createdAt, updatedAt }) => (
          <>
            <Facts>
              <Fact name="User name">{userName}</Fact>
              <Fact name="E-mail">{email ?? 'none'}</Fact>
              <Fact name="External id">
                {externalId === null ? 'none' : <Copyable value={externalId} label="External id" inline />}
              </Fact>
              <Fact name="Id">
                <Copyable value={id} label="Id" inline />
              </Fact>
              {manager !== null && (
                <Fact name="Manager">
                  {manager.dangling ? (
                    `${manager.id}, no user of this id is here`
                  ) : (
                    <To to="/directories/$directory/users/$user" params={{ directory, user: manager.id }}>
                      {manager.displayName ?? manager.userName ?? manager.id}
                    </To>
                  )}
                </Fact>
              )}
              <Fact name="Provisioned">
                <At at={createdAt} />
              </Fact>
              <Fact name="Last changed">
                <At at={updatedAt} />
              </Fact>
            </Facts>
            <Section
              title={groups.length === 1 ? 'In one group' : `In ${groups.length === 0 ? 'no' : groups.length} groups`}
              actions={
                <To to="/directories/$directory/requests" params={{ directory }} search={{ resource: id }}>
                  Requests about this user
                </To>
              }
            >
              {groups.length > 0 && (
                <NameList>
                  {groups.map((group) => (
                    <To
                      key={group.id}
                      to="/directories/$directory/groups/$group"
                      params={{ directory, group: group.id }}
                    >
                      {group.displayName}
                    </To>
                  ))}
                </NameList>
              )}
            </Section>
            <Section title="The resource" about="As a provisioning client gets it (SCIM, RFC 7643).">
              <CodeBlock label="SCIM resource" text={JSON.stringify(resource)} />
            </Section>
          </>
        )}
      </Asked>
    </Page>
  );
}
