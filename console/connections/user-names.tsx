import { Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type UserNamePreview, type UserNameRule, userNameRules } from '#contract';
import { Asked } from '../page/asked.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { narrow } from '../page/widths.ts';
import { ask } from '../server/ask.ts';
import { Fact, Facts } from '../values/facts.tsx';
import { useSettled } from '../values/settled.ts';
import { State } from '../values/state.tsx';
import type { Tone } from '../values/tone.ts';
import { useConnection } from './use-connection.ts';

const useStyles = makeStyles({
  claims: {
    display: 'grid',
    gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    gap: tokens.spacingHorizontalL,
    maxWidth: '720px',
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  wide: { gridColumn: '1 / -1', gridTemplateColumns: 'minmax(0, 1fr)', minWidth: 0 },
});

const claims = [
  { name: 'preferredUsername', label: 'preferred_username' },
  { name: 'email', label: 'email' },
  { name: 'givenName', label: 'given_name' },
  { name: 'familyName', label: 'family_name' },
] as const;
type Claims = Record<(typeof claims)[number]['name'], string>;

const ruleNames = Object.keys(userNameRules) as UserNameRule[];
const states: Record<UserNamePreview['state'], { tone: Tone; words: string }> = {
  free: { tone: 'good', words: 'free' },
  taken: { tone: 'warning', words: 'taken by another account: random characters are put at the end' },
  past: { tone: 'warning', words: 'a deleted account had it: random characters are put at the end' },
};

/** S8: what user name a person would get, tried out with claims that one enters. */
export function UserNames() {
  const styles = useStyles();
  const { live, draft } = useConnection();
  const [entered, setEntered] = useState<Claims>({ preferredUsername: '', email: '', givenName: '', familyName: '' });
  const [rule, setRule] = useState<UserNameRule>();
  const settled = useSettled(JSON.stringify(entered));
  const own = (live ?? draft)?.userNameFrom;
  return (
    <Section
      title="User names"
      about="What user name a new person would get here. Enter claims and see; nothing is created."
    >
      <div className={styles.claims}>
        {claims.map(({ name, label }) => (
          <Field key={name} label={label}>
            <Input
              value={entered[name]}
              maxLength={320}
              spellCheck={false}
              onChange={(_, { value }) => setEntered({ ...entered, [name]: value })}
            />
          </Field>
        ))}
        <Field
          className={styles.wide}
          label="Made of"
          hint="Another rule than that of the connection is only tried out."
        >
          <Select
            value={rule ?? ''}
            onChange={(_, { value }) => setRule(ruleNames.find((candidate) => candidate === value))}
          >
            <option value="">As the connection does{own === undefined ? '' : `: ${userNameRules[own]}`}</option>
            {ruleNames.map((name) => (
              <option key={name} value={name}>
                {userNameRules[name]}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {Object.values(entered).every((value) => value.trim() === '') ? (
        <NothingHere title="No claims yet">Enter what an id token of a person would say.</NothingHere>
      ) : (
        <Preview entered={JSON.parse(settled)} rule={rule} />
      )}
    </Section>
  );
}

function Preview({ entered, rule }: { entered: Claims; rule: UserNameRule | undefined }) {
  const { id } = useConnection();
  const given = Object.fromEntries(Object.entries(entered).filter(([, value]) => value.trim() !== ''));
  const query = useQuery(ask('userNames.preview', { connection: id, query: { ...given, rule } }));
  return (
    <Asked query={query} what="the user name" rows={3}>
      {({ userName, rule: by, state }) => (
        <Facts>
          <Fact name="User name">
            <strong>{userName}</strong>
          </Fact>
          <Fact name="Made of">
            {by === 'objectId'
              ? 'the object id, since the claims that other rules need are missing'
              : userNameRules[by]}
          </Fact>
          <Fact name="State">
            <State tone={states[state].tone}>{states[state].words}</State>
          </Fact>
        </Facts>
      )}
    </Asked>
  );
}
