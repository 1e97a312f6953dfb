import {
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { GuardedButton } from '../page/guarded-button.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { Ago } from '../values/time.tsx';

const useStyles = makeStyles({ bar: { marginBottom: tokens.spacingVerticalXXL } });
const shown = 20;

/** S13: says on every page that a break-glass credential was used, until an owner acknowledges it. */
export function BreakGlassBanner() {
  const styles = useStyles();
  const enabled = useRight('operators:read');
  const listing = useListing('breakGlass.uses', { query: { limit: shown } }, { enabled });
  const acknowledge = useAct('breakGlass.acknowledge', ['breakGlass']);
  const [use, ...others] = (listing.items ?? []).filter(({ acknowledgedAt }) => acknowledgedAt === null);
  if (use === undefined) return null;
  return (
    <MessageBar intent={use.succeeded ? 'error' : 'warning'} layout="multiline" className={styles.bar}>
      <MessageBarBody>
        <MessageBarTitle>
          The break-glass credential of {use.name} {use.succeeded ? 'was used' : 'was tried with a wrong secret'}
        </MessageBarTitle>
        <Ago at={use.at} />, from {use.address}.{others.length > 0 && ` ${others.length} more to acknowledge.`} If that
        was nobody you know, renew the credential under Operators.
      </MessageBarBody>
      <MessageBarActions>
        <GuardedButton
          right="operators:update"
          busy={acknowledge.isPending}
          {...(acknowledge.error === null ? {} : { unable: acknowledge.error.message })}
          onClick={() => acknowledge.mutate({ use: use.id })}
        >
          Acknowledge
        </GuardedButton>
      </MessageBarActions>
    </MessageBar>
  );
}
