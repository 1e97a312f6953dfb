import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Asked } from '../page/asked.tsx';
import { Page } from '../page/page.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { ask } from '../server/ask.ts';
import { CodeBlock } from '../values/code-block.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { At } from '../values/time.tsx';
import { Changes } from './changes.tsx';
import { useDirectoryName } from './directory-name.ts';
import { StatusMark } from './status-mark.tsx';
import { TryAgain } from './try-again.tsx';

const route = getRouteApi('/directories/$directory/requests/$request');

const useStyles = makeStyles({
  value: { fontFamily: tokens.fontFamilyMonospace, fontSize: '13px' },
  none: { color: tokens.colorNeutralForeground3 },
});

/** One recorded request: what was asked, what was answered, and the change it made. */
export function Request() {
  const styles = useStyles();
  const { directory, request } = route.useParams();
  const query = useQuery(ask('requests.get', { directory, request }));
  const directoryName = useDirectoryName(directory);
  const known = query.data;
  return (
    <Page
      title={known === undefined ? 'Request' : known.outcome}
      beside={known !== undefined && <StatusMark status={known.status} />}
      trail={
        <Trail>
          <To to="/directories">Directories</To>
          <To to="/directories/$directory/requests" params={{ directory }}>
            {directoryName}
          </To>
        </Trail>
      }
    >
      <Asked query={query} what="the request" rows={8}>
        {({ at, method, path, ms, token, resourceId, request: asked, answer, changes }) => (
          <>
            <Facts>
              <Fact name="Asked">
                <span className={styles.value}>
                  {method} {path}
                </span>
              </Fact>
              <Fact name="At">
                <At at={at} />, took {ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms
              </Fact>
              <Fact name="With token">{token ?? 'none that is known'}</Fact>
              {resourceId !== null && (
                <Fact name="About">
                  <ResourceLink directory={directory} path={path} id={resourceId} />
                </Fact>
              )}
            </Facts>
            <Section title="What it changed">
              {changes.length === 0 ? (
                <p className={styles.none}>Nothing.</p>
              ) : (
                <Changes label="Changes" changes={changes} />
              )}
            </Section>
            <Section title="What was sent">
              {asked === null ? (
                <p className={styles.none}>No body.</p>
              ) : (
                <CodeBlock label="Body of the request" text={asked} />
              )}
            </Section>
            <Section title="What was answered">
              {answer === null ? (
                <p className={styles.none}>No body.</p>
              ) : (
                <CodeBlock label="Body of the answer" text={answer} />
              )}
            </Section>
            <TryAgain directory={directory} request={request} />
          </>
        )}
      </Asked>
    </Page>
  );
}

function ResourceLink({ directory, path, id }: { directory: string; path: string; id: string }) {
  if (path.includes('/Groups'))
    return (
      <To to="/directories/$directory/groups/$group" params={{ directory, group: id }}>
        group {id}
      </To>
    );
  return (
    <To to="/directories/$directory/users/$user" params={{ directory, user: id }}>
      user {id}
    </To>
  );
}
