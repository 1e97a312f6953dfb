import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { Client } from '#contract';
import { GuardedButton } from '../page/guarded-button.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { useAct } from '../server/act.ts';
import { Table } from '../table/table.tsx';
import { DaysLeft } from '../values/days-left.tsx';
import { ShownOnce } from '../values/shown-once.tsx';

/** The secrets of a client: a new one goes beside the old one, which is removed when every place has changed over. */
export function ClientSecrets({ client, onClose }: { client: Client; onClose: () => void }) {
  const add = useAct('clients.addSecret', ['clients']);
  const remove = useAct('clients.removeSecret', ['clients']);
  const [value, setValue] = useState<string>();
  const problem = add.error ?? remove.error;
  if (value !== undefined) {
    return (
      <ShownOnce
        title="A secret was added"
        values={[
          { label: 'Client id', value: client.id },
          { label: 'Client secret', value },
        ]}
        onClose={() => setValue(undefined)}
      >
        Put it into the product’s configuration, then remove the old one. It is shown this once.
      </ShownOnce>
    );
  }
  return (
    <Dialog modalType="modal" open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Secrets of ${client.name}`}</DialogTitle>
          <DialogContent>
            {problem !== null && <ProblemNotice problem={problem} />}
            <Table
              label="Secrets"
              items={client.secrets}
              keyOf={({ id }) => id}
              columns={[
                { title: 'Id', cell: ({ id }) => <code>{id}</code> },
                { title: 'Ends', width: '120px', cell: ({ daysLeft }) => <DaysLeft days={daysLeft} /> },
                {
                  title: 'Actions',
                  quiet: true,
                  width: '96px',
                  align: 'end',
                  cell: ({ id }) => (
                    <GuardedButton
                      size="small"
                      right="clients:update"
                      label={`Remove the secret ${id}`}
                      onClick={() => remove.mutate({ client: client.id, productSecret: id })}
                    >
                      Remove
                    </GuardedButton>
                  ),
                },
              ]}
            />
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
            <GuardedButton
              appearance="primary"
              right="clients:update"
              busy={add.isPending}
              onClick={() =>
                void add.mutateAsync({ client: client.id, body: {} }).then(
                  (made) => setValue(made.value),
                  () => {},
                )
              }
            >
              Add a secret
            </GuardedButton>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
