import { Field, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import type { AccessRequest } from '#contract';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { calledIn } from './request-words.ts';
import { RoleField, roleOf } from './role-field.tsx';

interface DecisionProps {
  organization: string;
  request: AccessRequest;
  onClose: () => void;
}

/** Lets a person in, with a role if one is entered. */
export function ApproveDialog({ organization, request, onClose }: DecisionProps) {
  const [role, setRole] = useState('');
  const approve = useAct('accessRequests.approve', ['accessRequests']);
  const told = useTold();
  const submit = async (): Promise<void> => {
    const entered = roleOf(role);
    await approve.mutateAsync({
      organization,
      accessRequest: request.id,
      body: entered === null ? {} : { role: entered },
    });
    told(`${calledIn(request)} gets in with the next sign-in`);
    onClose();
  };
  return (
    <FormDialog
      open
      title={`Let ${calledIn(request)} in?`}
      does="Approve"
      busy={approve.isPending}
      problem={approve.error}
      fields={['role']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <p>The next sign-in makes the account. This is who signed in:</p>
      <Who request={request} />
      <RoleField value={role} onChange={setRole} fault={fieldFaults(approve.error)['role']} />
    </FormDialog>
  );
}

/** Does not let a person in, with words for that person. */
export function DeclineDialog({ organization, request, onClose }: DecisionProps) {
  const [words, setWords] = useState('');
  const decline = useAct('accessRequests.decline', ['accessRequests']);
  const told = useTold();
  const submit = async (): Promise<void> => {
    await decline.mutateAsync({
      organization,
      accessRequest: request.id,
      body: words.trim() === '' ? {} : { words },
    });
    told(`${calledIn(request)} was declined`);
    onClose();
  };
  return (
    <FormDialog
      open
      title={`Decline ${calledIn(request)}?`}
      does="Decline"
      busy={decline.isPending}
      problem={decline.error}
      fields={['words']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Who request={request} />
      <Field
        label="Words for the person"
        hint="Shown at the next sign-in; may be empty"
        validationMessage={fieldFaults(decline.error)['words'] ?? null}
      >
        <Textarea rows={3} value={words} maxLength={500} onChange={(_, { value }) => setWords(value)} />
      </Field>
    </FormDialog>
  );
}

/** What the sign-in said of the person. */
function Who({
  request: { email, preferredUsername, connection, authority, objectId, claims },
}: {
  request: AccessRequest;
}) {
  return (
    <Facts>
      <Fact name="E-mail">{email ?? 'none'}</Fact>
      <Fact name="Signs in there as">{preferredUsername ?? 'not told'}</Fact>
      <Fact name="By">
        {connection}, at {authority}
      </Fact>
      <Fact name="Object">{objectId}</Fact>
      {Object.entries(claims)
        .filter(isTold)
        .map(([name, value]) => (
          <Fact key={name} name={name}>
            {typeof value === 'string' ? value : JSON.stringify(value)}
          </Fact>
        ))}
    </Facts>
  );
}

const isTold = ([, value]: [name: string, value: unknown]): boolean =>
  value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
