import {
  Checkbox,
  Field,
  Input,
  makeStyles,
  Radio,
  RadioGroup,
  Select,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import {
  type AccountType,
  accountTypes,
  type ConnectionSettings,
  type OpenidPresetName,
  openidPresets,
  providers,
} from '#contract';
import { FieldGroup } from '../page/field-group.tsx';
import { ProviderFields } from './provider-fields.tsx';
import { clouds, registrations } from './settings-words.ts';
import { StartingPointField } from './starting-point.tsx';

/** The settings as they stand in a form: lists as lines of text. */
export interface SettingsEntry {
  provider: ConnectionSettings['provider'];
  preset: OpenidPresetName | null;
  clientAuthentication: ConnectionSettings['clientAuthentication'];
  responseType: ConnectionSettings['responseType'];
  responseMode: ConnectionSettings['responseMode'];
  authenticationContext: string;
  trustEmail: boolean;
  linkable: boolean;
  roleMappings: string;
  startFrom: string;
  cloud: ConnectionSettings['cloud'] | undefined;
  accountType: AccountType;
  tenantIds: string;
  clientId: string;
  domains: string;
  signIn: boolean;
  provisioning: boolean;
  mailOut: boolean;
  mailIn: boolean;
  registration: ConnectionSettings['registration'];
}

/** What a new connection begins with. */
export const newSettings: SettingsEntry = {
  provider: 'entra',
  preset: null,
  clientAuthentication: 'secret',
  responseType: 'code',
  responseMode: 'query',
  authenticationContext: '',
  trustEmail: false,
  linkable: false,
  roleMappings: '',
  startFrom: '',
  cloud: undefined,
  accountType: 'oneTenant',
  tenantIds: '',
  clientId: '',
  domains: '',
  signIn: true,
  provisioning: true,
  mailOut: false,
  mailIn: false,
  registration: 'off',
};

/** The form's settings as the API takes them; a starting point only where one was entered. */
export const settingsBody = (entry: SettingsEntry) => ({
  ...(entry.startFrom.trim() === '' ? {} : { startFrom: entry.startFrom }),
  ...(entry.cloud === undefined ? {} : { cloud: entry.cloud }),
  provider: entry.provider,
  preset: entry.provider === 'openid' ? entry.preset : null,
  clientAuthentication: entry.clientAuthentication,
  responseType: entry.responseType,
  responseMode: entry.responseMode,
  authenticationContext: entry.authenticationContext.trim() === '' ? null : entry.authenticationContext.trim(),
  trustEmail: entry.trustEmail,
  linkable: entry.linkable,
  roleMappings: mappingsOf(entry.roleMappings),
  accountType: entry.accountType,
  tenantIds: entry.accountType === 'selectedTenants' ? linesOf(entry.tenantIds) : [],
  clientId: entry.clientId === '' ? null : entry.clientId,
  domains: linesOf(entry.domains),
  signIn: entry.signIn,
  provisioning: entry.provisioning,
  mailOut: entry.mailOut,
  mailIn: entry.mailIn,
  registration: entry.registration,
});

/** Lines such as `group Editors = editor`, as the API takes them; what is no such line it refuses by its place. */
const mappingsOf = (text: string): ConnectionSettings['roleMappings'] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, from, value = '', role = ''] = /^\s*(group|app role)\s+(.*?)\s*=\s*(.*?)\s*$/i.exec(line) ?? [];
      return { from: from?.toLowerCase() === 'app role' ? 'appRole' : 'group', value: value || line.trim(), role };
    });

/** Role mappings as lines to be changed. */
export const linesOfMappings = (mappings: ConnectionSettings['roleMappings']): string =>
  mappings.map(({ from, value, role }) => `${from === 'appRole' ? 'app role' : 'group'} ${value} = ${role}`).join('\n');

const linesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((line) => line !== '');

/** Fields whose faults the form shows beside them. */
export const settingsFields = [
  'name',
  'id',
  'startFrom',
  'cloud',
  'tenantIds',
  'clientId',
  'domains',
  'preset',
  'clientAuthentication',
  'responseMode',
  'authenticationContext',
  'trustEmail',
  'linkable',
  'roleMappings',
] as const;

const useStyles = makeStyles({
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL, maxWidth: '640px' },
});

const features = [
  ['signIn', 'Sign-in: people of the organization sign in to your products'],
  ['provisioning', 'Provisioning: users and groups are kept up to date here by SCIM'],
  ['mailOut', 'Mail out: messages are sent from mailboxes of the tenant'],
  ['mailIn', 'Mail in: messages that arrive there are taken in'],
] as const;

interface SettingsFieldsProps {
  entry: SettingsEntry;
  onChange: (change: Partial<SettingsEntry>) => void;
  faults: Record<string, string>;
  /** What the tenant is known as already, where there is one. */
  present?: ConnectionSettings;
}

/** The settings of a connection as fields. */
export function SettingsFields({ entry, onChange, faults, present }: SettingsFieldsProps) {
  const styles = useStyles();
  const isEntra = entry.provider === 'entra';
  const faultOf = (field: string): string | null => faults[field] ?? faultBelow(faults, field);
  return (
    <div className={styles.fields}>
      <Field label="What signs the people in">
        <RadioGroup
          value={entry.provider}
          onChange={(_, { value }) => onChange(value === 'openid' ? toOpenid : { provider: 'entra' })}
        >
          {providerNames.map((name) => (
            <Radio key={name} value={name} label={capital(providers[name])} />
          ))}
        </RadioGroup>
      </Field>
      {!isEntra && (
        <Field
          label="Which one"
          hint={`Its issuer looks like ${openidPresets[entry.preset ?? 'generic'].issuer}`}
          validationMessage={faultOf('preset')}
        >
          <Select
            value={entry.preset ?? 'generic'}
            onChange={(_, { value }) => onChange({ preset: presetNames.find((name) => name === value) ?? null })}
          >
            {presetNames.map((name) => (
              <option key={name} value={name}>
                {openidPresets[name].title}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <StartingPointField
        provider={entry.provider}
        value={entry.startFrom}
        cloud={entry.cloud}
        present={present}
        fault={faultOf('startFrom')}
        onChange={(startFrom) => onChange({ startFrom })}
      />
      {isEntra && (
        <>
          <Field label="Cloud" validationMessage={faultOf('cloud')}>
            <Select
              value={entry.cloud ?? ''}
              onChange={(_, { value }) => onChange({ cloud: cloudNames.find((cloud) => cloud === value) })}
            >
              <option value="">As the starting point says; otherwise Global</option>
              {cloudNames.map((cloud) => (
                <option key={cloud} value={cloud}>
                  {clouds[cloud]}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Who may sign in">
            <RadioGroup
              value={entry.accountType}
              onChange={(_, { value }) => {
                const accountType = accountTypeNames.find((name) => name === value);
                if (accountType !== undefined) onChange({ accountType });
              }}
            >
              {accountTypeNames.map((name) => (
                <Radio key={name} value={name} label={capital(accountTypes[name])} />
              ))}
            </RadioGroup>
          </Field>
          {entry.accountType === 'selectedTenants' && (
            <Field label="Tenant ids" hint="One in each line" validationMessage={faultOf('tenantIds')}>
              <Textarea rows={3} value={entry.tenantIds} onChange={(_, { value }) => onChange({ tenantIds: value })} />
            </Field>
          )}
        </>
      )}
      <FieldGroup label="What it does">
        {features
          .filter(([name]) => isEntra || !name.startsWith('mail'))
          .map(([name, label]) => (
            <Checkbox
              key={name}
              label={label}
              checked={entry[name]}
              onChange={(_, { checked }) => onChange({ [name]: checked === true })}
            />
          ))}
      </FieldGroup>
      <Field
        label={isEntra ? 'Application (client) ID' : 'Client id'}
        hint={
          isEntra
            ? 'From the app registration’s overview. It can follow later.'
            : 'As the provider shows it for the application. It can follow later.'
        }
        validationMessage={faultOf('clientId')}
      >
        <Input value={entry.clientId} spellCheck={false} onChange={(_, { value }) => onChange({ clientId: value })} />
      </Field>
      <Field
        label="E-mail domains"
        hint="People who enter an address of these are sent to this connection. At most 10, one in each line."
        validationMessage={faultOf('domains')}
      >
        <Textarea rows={2} value={entry.domains} onChange={(_, { value }) => onChange({ domains: value })} />
      </Field>
      <Field label="Who gets an account by signing in for the first time">
        <RadioGroup
          value={entry.registration}
          onChange={(_, { value }) => {
            const registration = registrationNames.find((name) => name === value);
            if (registration !== undefined) onChange({ registration });
          }}
        >
          {registrationNames.map((name) => (
            <Radio key={name} value={name} label={registrations[name]} />
          ))}
        </RadioGroup>
      </Field>
      {entry.signIn && <ProviderFields entry={entry} onChange={onChange} faultOf={faultOf} />}
    </div>
  );
}

const providerNames = Object.keys(providers) as ConnectionSettings['provider'][];
const presetNames = Object.keys(openidPresets) as OpenidPresetName[];

/** What only Microsoft Entra has goes with the choice of another provider. */
const toOpenid: Partial<SettingsEntry> = {
  provider: 'openid',
  preset: 'generic',
  accountType: 'oneTenant',
  tenantIds: '',
  authenticationContext: '',
  clientAuthentication: 'secret',
  mailOut: false,
  mailIn: false,
};

const accountTypeNames = Object.keys(accountTypes) as AccountType[];
const cloudNames = Object.keys(clouds) as ConnectionSettings['cloud'][];
const registrationNames = Object.keys(registrations) as ConnectionSettings['registration'][];

/** A fault of one entry of a list (`domains.0`) is shown at the list. */
function faultBelow(faults: Record<string, string>, field: string): string | null {
  const below = Object.entries(faults).find(([name]) => name.startsWith(`${field}.`) || name.startsWith(`${field}[`));
  return below?.[1] ?? null;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
