import { Field, Input } from '@fluentui/react-components';
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
        body: { name },
        ifMatch: ifVersion(organization.version),
      });
      told(`Renamed to ${name}`);
    }
    onClose();
  };

  return (
    <FormDialog
      open
      title={organization === undefined ? 'Add an organization' : `Rename ${organization.name}`}
      does={organization === undefined ? 'Add' : 'Rename'}
      busy={create.isPending || update.isPending}
      problem={problem}
      fields={['name']}
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
    </FormDialog>
  );
}
