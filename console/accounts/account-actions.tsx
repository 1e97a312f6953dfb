import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Account } from '#contract';
import { Confirm } from '../page/confirm.tsx';
import { FormDialog } from '../page/form-dialog.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { useAct } from '../server/act.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { RoleField, roleOf } from './role-field.tsx';

/** What can be done with an account. */
export function AccountActions({ account }: { account: Account }) {
  const [changing, setChanging] = useState(false);
  return (
    <>
      <GuardedButton right="accounts:update" onClick={() => setChanging(true)}>
        Change role
      </GuardedButton>
      <Disabling account={account} />
      <Deleting account={account} />
      {changing && <ChangeRole account={account} onClose={() => setChanging(false)} />}
    </>
  );
}

function ChangeRole({ account, onClose }: { account: Account; onClose: () => void }) {
  const { id, organization, name, userName } = account;
  const [role, setRole] = useState(account.role ?? '');
  const update = useAct('accounts.update', ['accounts']);
  const told = useTold();
  const submit = async (): Promise<void> => {
    await update.mutateAsync({ organization, account: id, body: { role: roleOf(role) } });
    told(`The role of ${name ?? userName} was changed`);
    onClose();
  };
  return (
    <FormDialog
      open
      title={`Change the role of ${name ?? userName}`}
      does="Change"
      busy={update.isPending}
      problem={update.error}
      fields={['role']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <RoleField value={role} onChange={setRole} fault={fieldFaults(update.error)['role']} />
    </FormDialog>
  );
}

function Disabling({ account: { id, organization, name, userName, disabled } }: { account: Account }) {
  const update = useAct('accounts.update', ['accounts', 'sessions']);
  const told = useTold();
  const called = name ?? userName;
  if (disabled) {
    return (
      <>
        <GuardedButton
          right="accounts:update"
          busy={update.isPending}
          onClick={() => update.mutate({ organization, account: id, body: { disabled: false } })}
        >
          Enable
        </GuardedButton>
        {update.error !== null && <ProblemNotice problem={update.error} />}
      </>
    );
  }
  return (
    <Confirm
      label="Disable"
      right="accounts:update"
      title={`Disable ${called}?`}
      does="Disable"
      onConfirm={async () => {
        await update.mutateAsync({ organization, account: id, body: { disabled: true } });
        told(`${called} is disabled`);
      }}
    >
      All sessions end, and {called} cannot sign in until the account is enabled again. Elsewhere nothing changes.
    </Confirm>
  );
}

function Deleting({ account: { id, organization, name, userName } }: { account: Account }) {
  const remove = useAct('accounts.delete', ['userNames']);
  const navigate = useNavigate();
  const told = useTold();
  const called = name ?? userName;
  return (
    <Confirm
      label="Delete"
      right="accounts:delete"
      title={`Delete ${called}?`}
      does="Delete"
      onConfirm={async () => {
        await remove.mutateAsync({ organization, account: id });
        told(`${called} was deleted`);
        await navigate({ to: '/accounts', search: { organization } });
      }}
    >
      Its links, passkeys and sessions go with it, and the products know the person no more. That cannot be undone: who
      signs in again gets another account, where the connection lets new people in. The user name is kept, so that
      nobody else gets it.
    </Confirm>
  );
}
