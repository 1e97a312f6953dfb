import { Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { FormDialog } from '../page/form-dialog.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { DomainItem } from './domain-item.tsx';
import { useOrganizationChoice } from './organization-choice.tsx';
import { OrganizationPage } from './organization-page.tsx';

const route = getRouteApi('/domains');
const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXL },
});

/** S6: the e-mail domains of one organization, and what proves them. */
export function Domains() {
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(organization);
  const [adding, setAdding] = useState(false);
  const add = (
    <GuardedButton appearance="primary" icon={<Add20Regular />} right="domains:update" onClick={() => setAdding(true)}>
      Add domain
    </GuardedButton>
  );
  return (
    <OrganizationPage
      title="E-mail domains"
      lead="Whose people are sent to the connection that names the domain, once a TXT record proves that it is the customer’s own."
      what="e-mail domains"
      choice={choice}
      onChoose={(next) => void navigate({ search: next === undefined ? {} : { organization: next } })}
      actions={choice.chosen !== undefined && add}
    >
      {(chosen) => (
        <>
          <DomainList organization={chosen} />
          {adding && <AddDomain organization={chosen} onClose={() => setAdding(false)} />}
        </>
      )}
    </OrganizationPage>
  );
}

function DomainList({ organization }: { organization: string }) {
  const styles = useStyles();
  const listing = useListing('domains.list', { organization });
  return (
    <Listed
      listing={listing}
      what="e-mail domains"
      empty={
        <NothingHere title="No e-mail domain yet">
          Domains that a connection names appear here by themselves. Others are added, so that their record can be made.
        </NothingHere>
      }
    >
      {(domains) => (
        <ul className={styles.list}>
          {domains.map((domain) => (
            <li key={domain.domain}>
              <DomainItem organization={organization} domain={domain} />
            </li>
          ))}
        </ul>
      )}
    </Listed>
  );
}

function AddDomain({ organization, onClose }: { organization: string; onClose: () => void }) {
  const [domain, setDomain] = useState('');
  const create = useAct('domains.create', ['domains']);
  const told = useTold();
  const submit = async (): Promise<void> => {
    const added = await create.mutateAsync({ organization, body: { domain } });
    told(`${added.domain} was added`);
    onClose();
  };
  return (
    <FormDialog
      open
      title="Add an e-mail domain"
      does="Add"
      busy={create.isPending}
      problem={create.error}
      fields={['domain']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field
        label="Domain"
        required
        hint="Such as contoso.com. You get the record that proves it."
        validationMessage={fieldFaults(create.error)['domain'] ?? null}
      >
        <Input value={domain} maxLength={253} spellCheck={false} onChange={(_, { value }) => setDomain(value)} />
      </Field>
    </FormDialog>
  );
}
