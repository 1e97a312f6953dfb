import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Attempt } from '#contract';
import { Asked } from '../page/asked.tsx';
import { Page } from '../page/page.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { ask } from '../server/ask.ts';
import { Table } from '../table/table.tsx';
import { CodeBlock } from '../values/code-block.tsx';
import { Copyable } from '../values/copyable.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { State } from '../values/state.tsx';
import { Ago, At } from '../values/time.tsx';
import type { Tone } from '../values/tone.ts';
import { MessageState } from './message-state.tsx';

const route = getRouteApi('/messages/$connection/$message');
const tones: Record<Attempt['outcome'], Tone> = {
  started: 'waiting',
  sent: 'good',
  retry: 'waiting',
  failed: 'bad',
  uncertain: 'warning',
};

const useStyles = makeStyles({
  text: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxWidth: '76ch', lineHeight: tokens.lineHeightBase400 },
});

/** One message with its bodies and every attempt. HTML is shown as source, never rendered. */
export function Message() {
  const styles = useStyles();
  const { connection, message } = route.useParams();
  const query = useQuery({
    ...ask('messages.get', { connection, message }),
    refetchInterval: ({ state: { data } }) => (data?.state === 'queued' || data?.state === 'sending' ? 3_000 : false),
  });
  const known = query.data;
  return (
    <Page
      title={known === undefined ? 'Message' : known.subject === '' ? '(no subject)' : known.subject}
      beside={known !== undefined && <MessageState state={known.state} />}
      trail={
        <Trail>
          <To to="/messages" search={{ connection }}>
            Messages
          </To>
        </Trail>
      }
    >
      <Asked query={query} what="the message" rows={8}>
        {({ direction, from, to, cc, at, sentAt, types, internetMessageId, text, html, attemptList }) => (
          <>
            <Facts>
              <Fact name="From">{from}</Fact>
              <Fact name="To">{to.join(', ')}</Fact>
              {cc.length > 0 && <Fact name="Copy to">{cc.join(', ')}</Fact>}
              {types.length > 0 && <Fact name="Types">{types.join(', ')}</Fact>}
              <Fact name={direction === 'out' ? 'Taken into the outbox' : 'Received'}>
                <At at={at} />
              </Fact>
              {direction === 'out' && (
                <Fact name="Sent">
                  <At at={sentAt} never="not yet" />
                </Fact>
              )}
              {internetMessageId !== null && (
                <Fact name="Message-ID">
                  <Copyable value={internetMessageId} label="Message-ID" inline />
                </Fact>
              )}
            </Facts>
            {direction === 'out' && (
              <Section title="Attempts">
                {attemptList.length === 0 ? (
                  <p>None yet.</p>
                ) : (
                  <Table
                    label="Attempts"
                    items={attemptList}
                    keyOf={({ number }) => String(number)}
                    columns={[
                      { title: 'No.', width: '48px', cell: ({ number }) => number },
                      {
                        title: 'Outcome',
                        width: '130px',
                        cell: ({ outcome }) => <State tone={tones[outcome]}>{outcome}</State>,
                      },
                      {
                        title: 'What was said',
                        cell: ({ detail, status, retryAt }) => (
                          <>
                            {status !== null && `${status} `}
                            {detail}
                            {retryAt !== null && (
                              <>
                                ; again <Ago at={retryAt} />
                              </>
                            )}
                          </>
                        ),
                      },
                      { title: 'When', width: '200px', from: 'medium', cell: (attempt) => <At at={attempt.at} /> },
                    ]}
                  />
                )}
              </Section>
            )}
            {text !== null && (
              <Section title="Text">
                <p className={styles.text}>{text}</p>
              </Section>
            )}
            {html !== null && (
              <Section title="HTML" about="As source.">
                <CodeBlock label="HTML of the message" text={html} />
              </Section>
            )}
          </>
        )}
      </Asked>
    </Page>
  );
}
