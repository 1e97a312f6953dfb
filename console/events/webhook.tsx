import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Delivery, Webhook as WebhookShape } from '#contract';
import { Asked } from '../page/asked.tsx';
import { Confirm } from '../page/confirm.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { useAct } from '../server/act.ts';
import { ask, useListing } from '../server/ask.ts';
import { ifVersion } from '../server/call.ts';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { State } from '../values/state.tsx';
import { Ago, Day } from '../values/time.tsx';
import type { Tone } from '../values/tone.ts';

const route = getRouteApi('/webhooks/$organization/$webhook');
const tones: Record<Delivery['state'], Tone> = { waiting: 'waiting', delivered: 'good', dead: 'bad' };

/** One webhook with its deliveries. */
export function Webhook() {
  const { organization, webhook } = route.useParams();
  const query = useQuery(ask('webhooks.get', { organization, webhook }));
  const listing = useListing('webhooks.deliveries', { organization, webhook }, { refetchInterval: 15_000 });
  return (
    <Page
      title={query.data === undefined ? 'Webhook' : new URL(query.data.url).host}
      trail={
        <Trail>
          <To to="/webhooks" search={{ organization }}>
            Webhooks
          </To>
        </Trail>
      }
      actions={query.data !== undefined && <WebhookActions organization={organization} webhook={query.data} />}
    >
      <Asked query={query} what="the webhook" rows={3}>
        {({ url, types, enabled, createdAt }) => (
          <Facts>
            <Fact name="Address">{url}</Fact>
            <Fact name="State">
              <State tone={enabled ? 'good' : 'paused'}>{enabled ? 'on' : 'off'}</State>
            </Fact>
            <Fact name="Types of events">{types.length === 0 ? 'all' : types.join(', ')}</Fact>
            <Fact name="Since">
              <Day at={createdAt} />
            </Fact>
          </Facts>
        )}
      </Asked>
      <Section
        title="Deliveries"
        about="Newest first. What is not taken is sent again, later and later, until it counts as dead."
      >
        <Listed
          listing={listing}
          what="deliveries"
          empty={<NothingHere title="No delivery yet">The next event of these types will be the first.</NothingHere>}
        >
          {(items) => (
            <Table
              label="Deliveries"
              items={items}
              keyOf={({ event }) => event}
              columns={[
                {
                  title: 'Event',
                  cell: ({ type, event }) => <TwoLines first={type} second={event} />,
                },
                { title: 'State', width: '120px', cell: ({ state }) => <State tone={tones[state]}>{state}</State> },
                { title: 'Attempts', width: '80px', from: 'narrow', cell: ({ attempts }) => attempts },
                {
                  title: 'Answer',
                  from: 'medium',
                  cell: ({ lastStatus, lastError }) =>
                    [lastStatus, lastError].filter((part) => part !== null).join(' · '),
                },
                {
                  title: 'When',
                  width: '150px',
                  from: 'narrow',
                  cell: ({ deliveredAt, nextAt }) =>
                    deliveredAt === null && nextAt !== null ? (
                      <>
                        next <Ago at={nextAt} />
                      </>
                    ) : (
                      <Ago at={deliveredAt} never="–" />
                    ),
                },
              ]}
            />
          )}
        </Listed>
      </Section>
    </Page>
  );
}

function WebhookActions({ organization, webhook }: { organization: string; webhook: WebhookShape }) {
  const navigate = useNavigate();
  const update = useAct('webhooks.update', ['webhooks']);
  const remove = useAct('webhooks.delete', ['webhooks']);
  const { id, enabled, version } = webhook;
  return (
    <>
      {update.error !== null && <ProblemNotice problem={update.error} />}
      <GuardedButton
        right="webhooks:update"
        busy={update.isPending}
        onClick={() =>
          update.mutate({ organization, webhook: id, body: { enabled: !enabled }, ifMatch: ifVersion(version) })
        }
      >
        {enabled ? 'Switch off' : 'Switch on'}
      </GuardedButton>
      <Confirm
        label="Remove"
        right="webhooks:update"
        title="Remove this webhook?"
        does="Remove"
        onConfirm={async () => {
          await remove.mutateAsync({ organization, webhook: id });
          await navigate({ to: '/webhooks', search: { organization } });
        }}
      >
        Nothing more is sent to {webhook.url}. What was waiting is dropped.
      </Confirm>
    </>
  );
}
