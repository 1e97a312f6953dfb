import { Field, Input, Textarea } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { type EventType, eventTypes } from '#contract';
import { OrganizationSelect, useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { FormDialog } from '../page/form-dialog.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ToRow } from '../page/to.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { ShownOnce } from '../values/shown-once.tsx';
import { State } from '../values/state.tsx';
import { Day } from '../values/time.tsx';

const route = getRouteApi('/webhooks');

/** Where events of an organization are sent. */
export function Webhooks() {
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(organization);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const { chosen } = choice;

  const add = chosen !== undefined && (
    <GuardedButton appearance="primary" icon={<Add20Regular />} right="webhooks:update" onClick={() => setAdding(true)}>
      Add webhook
    </GuardedButton>
  );
  return (
    <Page
      title="Webhooks"
      lead="Events handed over as they happen: signed, at least once, with a stable id (Standard Webhooks)."
      actions={
        <>
          <OrganizationSelect
            choice={choice}
            value={chosen}
            onChoose={(next) => void navigate({ search: next === undefined ? {} : { organization: next } })}
          />
          {add}
        </>
      }
    >
      {chosen === undefined ? (
        choice.listing.items?.length === 0 && (
          <NothingHere title="No organization yet">Webhooks belong to an organization; add one first.</NothingHere>
        )
      ) : (
        <WebhookTable organization={chosen} add={add} />
      )}
      {adding && chosen !== undefined && (
        <AddWebhook
          organization={chosen}
          onClose={() => setAdding(false)}
          onAdded={(made) => {
            setAdding(false);
            setSecret(made);
          }}
        />
      )}
      {secret !== undefined && (
        <ShownOnce
          title="The webhook’s signing secret"
          values={[{ label: 'Signing secret', value: secret }]}
          onClose={() => setSecret(undefined)}
        >
          Give it to what receives the events, so that it can check their signature. It is shown this once.
        </ShownOnce>
      )}
    </Page>
  );
}

function WebhookTable({ organization, add }: { organization: string; add: React.ReactNode }) {
  const listing = useListing('webhooks.list', { organization });
  return (
    <Listed
      listing={listing}
      what="webhooks"
      empty={
        <NothingHere title="No webhook" action={add}>
          With one, your product learns at once that a user was disabled or that mail arrived. Without, it reads the
          events by the API.
        </NothingHere>
      }
    >
      {(items) => (
        <Table
          label="Webhooks"
          items={items}
          keyOf={({ id }) => id}
          columns={[
            {
              title: 'Address',
              cell: ({ id, url }) => (
                <ToRow to="/webhooks/$organization/$webhook" params={{ organization, webhook: id }}>
                  {url}
                </ToRow>
              ),
            },
            { title: 'Types', from: 'narrow', width: '180px', cell: ({ types }) => typesWords(types) },
            {
              title: 'State',
              width: '120px',
              cell: ({ enabled }) => <State tone={enabled ? 'good' : 'paused'}>{enabled ? 'on' : 'off'}</State>,
            },
            { title: 'Since', width: '120px', from: 'medium', cell: ({ createdAt }) => <Day at={createdAt} /> },
          ]}
        />
      )}
    </Listed>
  );
}

const typesWords = (types: readonly EventType[]): string => {
  if (types.length === 0) return 'all';
  return types.length <= 2 ? types.join(', ') : `${types.length} types`;
};

interface AddWebhookProps {
  organization: string;
  onClose: () => void;
  onAdded: (secret: string) => void;
}

function AddWebhook({ organization, onClose, onAdded }: AddWebhookProps) {
  const [url, setUrl] = useState('');
  const [types, setTypes] = useState('');
  const [unknown, setUnknown] = useState<string>();
  const create = useAct('webhooks.create', ['webhooks']);
  const faults = fieldFaults(create.error);

  const submit = async (): Promise<void> => {
    const named = types.split(/[\s,]+/).filter((name) => name !== '');
    const strange = named.find((name) => !isType(name));
    setUnknown(strange);
    if (strange !== undefined) return;
    const made = await create.mutateAsync({ organization, body: { url, types: named.filter(isType) } });
    onAdded(made.secret);
  };

  return (
    <FormDialog
      open
      title="Add a webhook"
      does="Add"
      busy={create.isPending}
      problem={create.error}
      fields={['url', 'types']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field label="Address" required hint="https, reachable from Portico" validationMessage={faults['url'] ?? null}>
        <Input type="url" value={url} placeholder="https://" onChange={(_, data) => setUrl(data.value)} />
      </Field>
      <Field
        label="Types of events"
        hint="One in each line, such as user.deactivated. Empty means all."
        validationMessage={unknown === undefined ? (faults['types'] ?? null) : `${unknown} is not a type of event`}
      >
        <Textarea value={types} rows={4} onChange={(_, data) => setTypes(data.value)} />
      </Field>
    </FormDialog>
  );
}

const isType = (name: string): name is EventType => Object.hasOwn(eventTypes, name);
