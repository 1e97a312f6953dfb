import { getRouteApi } from '@tanstack/react-router';
import { EventList } from '../events/event-list.tsx';
import { OrganizationSelect, useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { Loading } from '../page/loading.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { useRight } from '../server/session.tsx';
import { useNow } from '../values/now.ts';
import { AttentionList } from './attention.tsx';
import { listAttention } from './attention-list.ts';
import { ConnectionMatrix } from './connection-matrix.tsx';
import { Figures } from './figures.tsx';
import { FirstSteps } from './first-steps.tsx';
import { headline } from './headline.ts';
import { Horizon } from './horizon.tsx';
import { useOverviewKnown } from './known.ts';

const route = getRouteApi('/');

/** Health at a glance: one sentence, what needs attention, what ends next, what happened. */
export function Overview() {
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(undefined);
  const known = useOverviewKnown(organization);
  const now = useNow();
  const maySeeEvents = useRight('events:read');
  const { items: connections, problem, retry } = known.connections;

  const picker = (choice.listing.items?.length ?? 0) > 1 && (
    <OrganizationSelect
      choice={choice}
      value={organization}
      none="All organizations"
      onChoose={(chosen) => void navigate({ search: chosen === undefined ? {} : { organization: chosen } })}
    />
  );
  if (problem !== null) {
    return (
      <Page title="Overview">
        <ProblemNotice problem={problem} onRetry={retry} />
      </Page>
    );
  }
  if (connections === undefined || known.organizations === undefined) {
    return (
      <Page title="Overview">
        <Loading what="the overview" rows={8} />
      </Page>
    );
  }
  if (connections.length === 0) {
    return (
      <Page title="Welcome to Portico" lead="Three steps lead from here to people signing in." actions={picker}>
        <FirstSteps organizations={known.organizations} />
      </Page>
    );
  }
  const attention = listAttention({ ...known, connections, now });
  const ending = [...connections, ...known.clients].some(({ nextExpiry }) => nextExpiry !== null);
  return (
    <Page title="Overview" lead={headline(connections, attention.length)} actions={picker}>
      <Figures connections={connections} directories={known.directories} />
      <Section title="Needs attention">
        <AttentionList items={attention} />
      </Section>
      <Section
        title="Connections"
        {...(known.beyond === 0 ? {} : { about: `The first 25; ${known.beyond} more are on the list of connections.` })}
      >
        <ConnectionMatrix
          connections={connections.slice(0, connections.length - known.beyond)}
          directories={known.directories}
          organizationName={choice.nameOf}
        />
      </Section>
      {ending && (
        <Section
          title="What ends next"
          about="Secrets and tokens by the days they have left; near days have more room."
        >
          <Horizon connections={connections} clients={known.clients} />
        </Section>
      )}
      {maySeeEvents && (
        <Section
          title="Newest events"
          actions={
            <To to="/events" search={organization === undefined ? {} : { organization }}>
              All events
            </To>
          }
        >
          {known.newest === undefined ? <Loading what="events" /> : <EventList events={known.newest} />}
        </Section>
      )}
    </Page>
  );
}
