import { Checkbox, Field, Input, Radio, RadioGroup, Select, Textarea } from '@fluentui/react-components';
import type { ConnectionSettings } from '#contract';
import type { SettingsEntry } from './settings-form.tsx';
import { proofs } from './settings-words.ts';

interface ProviderFieldsProps {
  entry: SettingsEntry;
  onChange: (change: Partial<SettingsEntry>) => void;
  faultOf: (field: string) => string | null;
}

/** How Portico and the provider deal with each other at a sign-in. */
export function ProviderFields({ entry, onChange, faultOf }: ProviderFieldsProps) {
  const isEntra = entry.provider === 'entra';
  return (
    <>
      <Field
        label="How Portico proves that it is the application"
        validationMessage={faultOf('clientAuthentication')}
        hint="The setup plan says what to do for it."
      >
        <RadioGroup
          value={entry.clientAuthentication}
          onChange={(_, { value }) => {
            const clientAuthentication = proofNames.find((name) => name === value);
            if (clientAuthentication !== undefined) onChange({ clientAuthentication });
          }}
        >
          {proofNames
            .filter((name) => isEntra || name !== 'federatedCredential')
            .map((name) => (
              <Radio key={name} value={name} label={proofs[name]} />
            ))}
        </RadioGroup>
      </Field>
      <Field
        label="How the answer of a sign-in comes back"
        hint="A code in the address does for nearly every provider."
        validationMessage={faultOf('responseMode')}
      >
        <Select
          value={`${entry.responseType} ${entry.responseMode}`}
          onChange={(_, { value }) =>
            onChange({
              responseType: value.startsWith('code id_token') ? 'code id_token' : 'code',
              responseMode: value.endsWith('form_post') ? 'form_post' : 'query',
            })
          }
        >
          <option value="code query">A code, in the address</option>
          <option value="code form_post">A code, in a form (form_post)</option>
          <option value="code id_token form_post">A code and an id token, in a form (hybrid flow)</option>
        </Select>
      </Field>
      {isEntra && (
        <Field
          label="Authentication context"
          hint="c1 to c99, where each sign-in has to satisfy one of Conditional Access. Empty where not."
          validationMessage={faultOf('authenticationContext')}
        >
          <Input
            value={entry.authenticationContext}
            spellCheck={false}
            onChange={(_, { value }) => onChange({ authenticationContext: value })}
          />
        </Field>
      )}
      <Field
        hint="Counts only for addresses of the connection’s e-mail domains that are proven. Only where nobody but its administrators can write an address: otherwise people could claim addresses of others."
        validationMessage={faultOf('trustEmail')}
      >
        <Checkbox
          label="Take its e-mail addresses for verified, whatever it says of them"
          checked={entry.trustEmail}
          onChange={(_, { checked }) => onChange({ trustEmail: checked === true })}
        />
      </Field>
      <Field
        hint="On the page of their account, after signing in anew: from then on they get in by this connection too. Nobody gets an account by it."
        validationMessage={faultOf('linkable')}
      >
        <Checkbox
          label="People who have an account may add this sign-in to it themselves"
          checked={entry.linkable}
          onChange={(_, { checked }) => onChange({ linkable: checked === true })}
        />
      </Field>
      <Field
        label="Groups and app roles that give roles"
        hint="One in each line: “group Editors = editor” by object id, or by name where you trust who names groups; or “app role Admin = administrator”."
        validationMessage={faultOf('roleMappings')}
      >
        <Textarea
          rows={3}
          value={entry.roleMappings}
          spellCheck={false}
          onChange={(_, { value }) => onChange({ roleMappings: value })}
        />
      </Field>
    </>
  );
}

const proofNames = Object.keys(proofs) as ConnectionSettings['clientAuthentication'][];
