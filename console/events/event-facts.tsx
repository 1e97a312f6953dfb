import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Event } from '#contract';
import { To } from '../page/to.tsx';
import { CodeBlock } from '../values/code-block.tsx';
import { Copyable } from '../values/copyable.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { At } from '../values/time.tsx';
import { actorWords } from './event-words.ts';
import { RefusedSignIn } from './refused-sign-in.tsx';

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  type: { fontFamily: tokens.fontFamilyMonospace, fontSize: '13px' },
});

/** All that was recorded of one event. */
export function EventFacts({ event }: { event: Event }) {
  const styles = useStyles();
  const { actor, subject } = event;
  return (
    <div className={styles.all}>
      <Facts>
        <Fact name="Type">
          <span className={styles.type}>{event.type}</span>
        </Fact>
        <Fact name="Time">
          <At at={event.time} />
        </Fact>
        <Fact name="About">
          {subject.type} <SubjectLink event={event}>{subject.name ?? subject.id}</SubjectLink>
        </Fact>
        <Fact name="By">
          {actorWords(actor)}
          {actor.address !== null && `, from ${actor.address}`}
        </Fact>
        {actor.userAgent !== null && <Fact name="With">{actor.userAgent}</Fact>}
        <Fact name="Position">{event.position}</Fact>
        {event.requestId !== null && (
          <Fact name="Request id">
            <Copyable value={event.requestId} label="Request id" inline />
          </Fact>
        )}
      </Facts>
      {event.type === 'sign_in.refused' && event.requestId !== null && <RefusedSignIn request={event.requestId} />}
      {Object.keys(event.data).length > 0 && (
        <CodeBlock label={`Details of ${event.type}`} text={JSON.stringify(event.data)} />
      )}
    </div>
  );
}

/** Leads to the subject where the console has a page for it. */
function SubjectLink({ event: { subject, organization, data }, children }: { event: Event; children: ReactNode }) {
  const { id, type } = subject;
  const named = data['connection'] ?? data['directory'];
  const within = typeof named === 'string' ? named : undefined;
  if (type === 'connection')
    return (
      <To to="/connections/$connection" params={{ connection: id }}>
        {children}
      </To>
    );
  if (type === 'account')
    return (
      <To to="/accounts/$organization/$account" params={{ organization, account: id }}>
        {children}
      </To>
    );
  if (type === 'user' && within !== undefined)
    return (
      <To to="/directories/$directory/users/$user" params={{ directory: within, user: id }}>
        {children}
      </To>
    );
  if (type === 'group' && within !== undefined)
    return (
      <To to="/directories/$directory/groups/$group" params={{ directory: within, group: id }}>
        {children}
      </To>
    );
  if (type === 'message' && within !== undefined)
    return (
      <To to="/messages/$connection/$message" params={{ connection: within, message: id }}>
        {children}
      </To>
    );
  if (type === 'secret' && within !== undefined)
    return (
      <To to="/connections/$connection/secrets" params={{ connection: within }}>
        {children}
      </To>
    );
  if ((type === 'token' || type === 'client_secret') && within !== undefined)
    return (
      <To to="/connections/$connection/provisioning" params={{ connection: within }}>
        {children}
      </To>
    );
  return children;
}
