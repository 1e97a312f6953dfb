import { Field, Input, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ConnectionSettings, StartingPoint } from '#contract';
import { ask } from '../server/ask.ts';
import { fieldFaults, problemWords, sentence } from '../server/problem-words.ts';
import { Fact, Facts } from '../values/facts.tsx';
import { useSettled } from '../values/settled.ts';
import { State } from '../values/state.tsx';
import { clouds } from './settings-words.ts';

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  found: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  remark: { color: tokens.colorNeutralForeground2 },
});

interface StartingPointFieldProps {
  provider: ConnectionSettings['provider'];
  value: string;
  cloud: ConnectionSettings['cloud'] | undefined;
  present: ConnectionSettings | undefined;
  fault: string | null;
  onChange: (value: string) => void;
}

/** C4: any one thing that is known of the tenant; the rest is found while one types. */
export function StartingPointField({ provider, value, cloud, present, fault, onChange }: StartingPointFieldProps) {
  const styles = useStyles();
  const settled = useSettled(value.trim());
  const derived = useQuery({
    ...ask('connections.start', { body: { startFrom: settled, provider, ...(cloud === undefined ? {} : { cloud }) } }),
    enabled: settled.length > 2,
    staleTime: 300_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const looking = derived.isFetching || settled !== value.trim();
  const refusal = !looking && settled.length > 2 ? wordsOf(derived.error) : null;
  const hint =
    present === undefined
      ? provider === 'openid'
        ? 'Its issuer, or the address of its metadata document. The rest is found.'
        : 'Any one of: tenant id, a domain of the tenant, provider URL, metadata document URL. The rest is found.'
      : `Only to change it. Now: ${present.tenantId ?? present.issuer}`;
  return (
    <div className={styles.all}>
      <Field
        label={provider === 'openid' ? 'Issuer' : 'Tenant'}
        required={present === undefined}
        hint={hint}
        validationMessage={refusal ?? fault}
      >
        <Input
          value={value}
          spellCheck={false}
          autoComplete="off"
          placeholder={present !== undefined ? '' : provider === 'openid' ? 'https://id.example.com' : 'contoso.com'}
          contentAfter={looking && value.trim().length > 2 ? <Spinner size="tiny" aria-label="Looking" /> : null}
          onChange={(_, data) => onChange(data.value)}
        />
      </Field>
      {!looking && settled.length > 2 && derived.data !== undefined && <Found point={derived.data} />}
    </div>
  );
}

function Found({ point }: { point: StartingPoint }) {
  const styles = useStyles();
  return (
    <div className={styles.found} role="status">
      <State tone="good">{point.cloud === null ? 'Found' : `Found in the ${clouds[point.cloud]} cloud`}</State>
      <Facts>
        {point.cloud !== null && <Fact name="Tenant id">{point.tenantId ?? 'several tenants'}</Fact>}
        <Fact name="Issuer">{point.issuer}</Fact>
        <Fact name="Metadata document">{point.metadataUrl}</Fact>
      </Facts>
      {point.remark !== null && <p className={styles.remark}>{point.remark}</p>}
    </div>
  );
}

/** What the API says of the starting point, in one line. */
function wordsOf(failure: Error | null): string | null {
  if (failure === null) return null;
  const { why, next, title } = problemWords(failure);
  return (
    fieldFaults(failure)['startFrom'] ??
    [why ?? title, next].flatMap((part) => (part === undefined ? [] : sentence(part))).join(' ')
  );
}
