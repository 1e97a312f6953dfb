import { makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { OrganizationDialog } from '../organizations/organization-dialog.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { ToButton } from '../page/to.tsx';
import { State } from '../values/state.tsx';

const useStyles = makeStyles({
  steps: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXL, maxWidth: '72ch' },
  step: { display: 'grid', gridTemplateColumns: '40px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalM },
  number: {
    fontSize: '28px',
    lineHeight: '32px',
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorBrandForeground1,
    fontVariantNumeric: 'tabular-nums',
  },
  words: { display: 'flex', flexDirection: 'column', alignItems: 'start', gap: tokens.spacingVerticalS },
  title: { fontSize: tokens.fontSizeBase500, lineHeight: '32px', fontWeight: tokens.fontWeightSemibold },
  about: { color: tokens.colorNeutralForeground2, lineHeight: tokens.lineHeightBase400 },
});

/** The way from nothing to people signing in. */
export function FirstSteps({ organizations }: { organizations: number }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const some = organizations > 0;
  return (
    <>
      <ol className={styles.steps}>
        <li className={styles.step}>
          <span className={styles.number} aria-hidden>
            1
          </span>
          <div className={styles.words}>
            <h2 className={styles.title}>Add an organization</h2>
            <p className={styles.about}>A customer of yours. All that is connected belongs to one.</p>
            {some ? (
              <State tone="good">{organizations === 1 ? 'One is there' : `${organizations} are there`}</State>
            ) : (
              <GuardedButton appearance="primary" right="organizations:create" onClick={() => setAdding(true)}>
                Add an organization
              </GuardedButton>
            )}
          </div>
        </li>
        <li className={styles.step}>
          <span className={styles.number} aria-hidden>
            2
          </span>
          <div className={styles.words}>
            <h2 className={styles.title}>Add a connection to its tenant</h2>
            <p className={styles.about}>
              You need one thing: the tenant id, a domain of the tenant, or the address of its metadata. Portico then
              shows what to set in Entra, with the values filled in, and tests it.
            </p>
            {some && (
              <ToButton to="/add-connection" appearance="primary">
                Add a connection
              </ToButton>
            )}
          </div>
        </li>
        <li className={styles.step}>
          <span className={styles.number} aria-hidden>
            3
          </span>
          <div className={styles.words}>
            <h2 className={styles.title}>Put your product behind Portico</h2>
            <p className={styles.about}>
              Your product is a client of Portico’s own OpenID provider. It needs an id, a secret and the issuer.
            </p>
            <ToButton to="/clients">Clients</ToButton>
          </div>
        </li>
      </ol>
      {adding && (
        <OrganizationDialog
          onClose={() => setAdding(false)}
          onAdded={({ id }) => void navigate({ to: '/add-connection', search: { organization: id } })}
        />
      )}
    </>
  );
}
