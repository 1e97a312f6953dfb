import { Field, Input, Switch } from '@fluentui/react-components';
import { useState } from 'react';
import type { Organization } from '#contract';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { ifVersion } from '../server/call.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';

interface OrganizationDialogProps {
  /** The one to rename; without one a new one is added. */
  organization?: Organization;
  onClose: () => void;
  onAdded?: (organization: Organization) => void;
}

/** Adds or renames an organization. */
export function OrganizationDialog({ organization, onClose, onAdded }: OrganizationDialogProps) {
  const [name, setName] = useState(organization?.name ?? '');
  const [localSignIn, setLocalSignIn] = useState(organization?.localSignIn ?? false);
  const create = useAct('organizations.create', ['organizations']);
  const update = useAct('organizations.update', ['organizations']);
  const told = useTold();
  const problem = create.error ?? update.error;
  const faults = fieldFaults(problem);

  const submit = async (): Promise<void> => {
    if (organization === undefined) {
      const added = await create.mutateAsync({ body: { name } });
      told(`${added.name} was added`);
      onAdded?.(added);
    } else {
      await update.mutateAsync({
        organization: organization.id,
        body: { name, localSignIn },
        ifMatch: ifVersion(organization.version),
      });
      told(`${name} was changed`);
    }
    onClose();
  };

  return (
    <FormDialog
      open
      title={organization === undefined ? 'Add an organization' : `Change ${organization.name}`}
      does={organization === undefined ? 'Add' : 'Change'}
      busy={create.isPending || update.isPending}
      problem={problem}
      fields={['name', 'localSignIn']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field
        label="Name"
        required
        hint="A customer of yours, as people know it. At most 50 characters."
        validationMessage={faults['name'] ?? null}
      >
        <Input value={name} maxLength={50} onChange={(_, data) => setName(data.value)} />
      </Field>
      {organization !== undefined && (
        <Field
          hint="People of this customer who have no other provider sign in by what they set themselves."
          validationMessage={faults['localSignIn'] ?? null}
        >
          <Switch
            label="Passwords and passkeys"
            checked={localSignIn}
            onChange={(_, { checked }) => setLocalSignIn(checked)}
          />
        </Field>
      )}
    </FormDialog>
  );
}
