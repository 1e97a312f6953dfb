import { makeStyles, Select } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import type { EventType } from '#contract';
import { OrganizationSelect, useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { Loading } from '../page/loading.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { useListing } from '../server/ask.ts';
import { Listed } from '../table/listed.tsx';
import { SearchField } from '../table/search-field.tsx';
import { EventList } from './event-list.tsx';
import { RefusedSignIn } from './refused-sign-in.tsx';
import { listedTypes } from './routes.ts';

const route = getRouteApi('/events');
const deployment = 'deployment';
const fresh = 15_000;
const useStyles = makeStyles({ type: { minWidth: '200px' } });

/** What happened, newest first: in one organization, or in the deployment itself. */
export function Events() {
  const styles = useStyles();
  const { organization, type, refused } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(organization);
  const ofDeployment =
    choice.chosen === deployment || (choice.listing.items?.length === 0 && organization === undefined);

  return (
    <Page
      title="Events"
      lead="Every change and every sign-in, as it was recorded together with the change itself."
      actions={
        <>
          <SearchField
            label="Id of a refused sign-in"
            value={refused}
            onSearch={(id) => {
              void navigate({
                search: ({ refused: _before, ...rest }) => (id === undefined ? rest : { ...rest, refused: id.trim() }),
              });
            }}
          />
          <OrganizationSelect
            choice={choice}
            value={ofDeployment ? '' : choice.chosen}
            none="The deployment itself"
            onChoose={(chosen = deployment) =>
              void navigate({ search: (before) => ({ ...before, organization: chosen }) })
            }
          />
          <Select
            aria-label="Type of event"
            className={styles.type}
            value={type ?? ''}
            onChange={(_, { value }) => {
              const found = listedTypes.find((candidate) => candidate === value);
              void navigate({
                search: ({ type: _before, ...rest }) => (found === undefined ? rest : { ...rest, type: found }),
              });
            }}
          >
            <option value="">All types</option>
            {nouns.map((noun) => (
              <optgroup key={noun} label={noun.replace('_', '-')}>
                {listedTypes
                  .filter((candidate) => candidate.startsWith(`${noun}.`))
                  .map((candidate) => (
                    <option key={candidate} value={candidate}>
                      {candidate}
                    </option>
                  ))}
              </optgroup>
            ))}
          </Select>
        </>
      }
    >
      {refused !== undefined ? (
        <RefusedSignIn request={refused} />
      ) : ofDeployment ? (
        <EventsOfDeployment type={type} />
      ) : choice.listing.problem !== null ? (
        <ProblemNotice problem={choice.listing.problem} onRetry={choice.listing.retry} />
      ) : choice.chosen === undefined ? (
        <Loading what="organizations" />
      ) : (
        <EventsOfOrganization organization={choice.chosen} type={type} />
      )}
    </Page>
  );
}

const nouns = [...new Set(listedTypes.map((type) => type.slice(0, type.indexOf('.'))))];

function EventsOfOrganization({ organization, type }: { organization: string; type: EventType | undefined }) {
  const listing = useListing('events.list', { organization, query: { type } }, { refetchInterval: fresh });
  return (
    <Listed listing={listing} what="events" empty={<NoEvents filtered={type !== undefined} />}>
      {(events) => <EventList events={events} />}
    </Listed>
  );
}

function EventsOfDeployment({ type }: { type: EventType | undefined }) {
  const listing = useListing('events.deployment', { query: { type } }, { refetchInterval: fresh });
  return (
    <Listed listing={listing} what="events" empty={<NoEvents filtered={type !== undefined} />}>
      {(events) => <EventList events={events} />}
    </Listed>
  );
}

function NoEvents({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <NothingHere title="No event of this type">Choose another type, or all of them.</NothingHere>
  ) : (
    <NothingHere title="Nothing has happened yet">
      Events appear here by themselves: the first when a connection is added.
    </NothingHere>
  );
}
