import { makeStyles, tokens } from '@fluentui/react-components';
import type { Domain } from '#contract';
import { Confirm } from '../page/confirm.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { useTold } from '../shell/told.tsx';
import { Copyable } from '../values/copyable.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import type { Tone } from '../values/tone.ts';

const states: Record<Domain['state'], { tone: Tone; words: string }> = {
  pending: { tone: 'waiting', words: 'waits for its record' },
  verified: { tone: 'good', words: 'proven' },
  failing: { tone: 'warning', words: 'proven, but its record is gone' },
  lost: { tone: 'bad', words: 'no longer proven' },
};
const useStyles = makeStyles({
  states: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalXL },
});

/** One domain: its state, its record, and what can be done with it. */
export function DomainItem({ organization, domain }: { organization: string; domain: Domain }) {
  const styles = useStyles();
  const { tone, words } = states[domain.state];
  const verify = useAct('domains.verify', ['domains']);
  const told = useTold();
  const of = { organization, domain: domain.domain };
  const check = async (): Promise<void> => {
    await verify.mutateAsync(of);
    told(`${domain.domain} is proven`);
  };
  return (
    <Section
      title={domain.domain}
      actions={
        <>
          <GuardedButton
            right="domains:update"
            label={`Verify ${domain.domain}`}
            busy={verify.isPending}
            onClick={() => void check().catch(() => {})}
          >
            Verify
          </GuardedButton>
          <Trusting organization={organization} domain={domain} />
          <Deleting organization={organization} domain={domain} />
        </>
      }
    >
      {verify.error !== null && <ProblemNotice problem={verify.error} />}
      <Facts>
        <Fact name="State">
          <span className={styles.states}>
            <State tone={tone}>{words}</State>
            {domain.trusted && <State tone="neutral">taken on trust</State>}
          </span>
        </Fact>
        <Fact name="People of it">
          {domain.routes ? 'are sent to the connection that names it' : 'are sent nowhere until it is proven'}
        </Fact>
        {domain.failingSince !== null && (
          <Fact name="Record gone">
            <Ago at={domain.failingSince} />; a week later the domain is lost
          </Fact>
        )}
        <Fact name="TXT record, name">
          <Copyable value={domain.recordName} label={`Name of the record of ${domain.domain}`} />
        </Fact>
        <Fact name="TXT record, value">
          <Copyable value={domain.recordValue} label={`Value of the record of ${domain.domain}`} />
        </Fact>
        <Fact name="Last looked up">
          <Ago at={domain.checkedAt} />
          {domain.saw !== null && `: ${domain.saw}`}
        </Fact>
      </Facts>
    </Section>
  );
}

function Trusting({ organization, domain: { domain, trusted, state } }: { organization: string; domain: Domain }) {
  const trust = useAct('domains.trust', ['domains']);
  const told = useTold();
  const set = async (next: boolean): Promise<void> => {
    await trust.mutateAsync({ organization, domain, body: { trusted: next } });
    told(`${domain} is ${next ? '' : 'no longer '}taken on trust`);
  };
  if (trusted) {
    return (
      <Confirm
        label="Trust no more"
        fullLabel={`Trust no more: ${domain}`}
        right="domains:trust"
        title={`Trust ${domain} no more?`}
        does="Trust no more"
        onConfirm={() => set(false)}
      >
        {state === 'verified' || state === 'failing'
          ? 'It is proven by its record, so people of it are sent on as before.'
          : 'People of it are sent nowhere until its record proves it.'}
      </Confirm>
    );
  }
  return (
    <Confirm
      label="Take on trust"
      fullLabel={`Take on trust: ${domain}`}
      right="domains:trust"
      title={`Take ${domain} on trust?`}
      does="Take on trust"
      onConfirm={() => set(true)}
    >
      People of it are sent to the connection that names it, without a proof. Do that only where you know by another way
      that it is this customer’s own.
    </Confirm>
  );
}

function Deleting({ organization, domain: { domain } }: { organization: string; domain: Domain }) {
  const remove = useAct('domains.delete', ['domains']);
  const told = useTold();
  return (
    <Confirm
      label="Delete"
      fullLabel={`Delete ${domain}`}
      right="domains:update"
      title={`Delete ${domain}?`}
      does="Delete"
      onConfirm={async () => {
        await remove.mutateAsync({ organization, domain });
        told(`${domain} was deleted`);
      }}
    >
      What proves it is forgotten; added again, it gets another record. A domain that a live connection names stays.
    </Confirm>
  );
}
