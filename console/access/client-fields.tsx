import { Checkbox, Field, Input, Select, Textarea } from '@fluentui/react-components';
import type { ClientSettings } from '#contract';
import { type ClientDraft, canProve, isOfPeople } from './client-draft.ts';

interface ClientFieldsProps {
  draft: ClientDraft;
  change: (part: Partial<ClientDraft>) => void;
  faultIn: (field: string) => string | null;
}

/** What a client that people sign in to has. */
export function PeopleFields({ draft, change, faultIn }: ClientFieldsProps) {
  if (!isOfPeople(draft.kind)) return null;
  return (
    <>
      <Field
        label="Redirect URIs"
        required={!draft.deviceFlow}
        hint={`Where people are sent after sign-in; compared letter by letter. One in each line.${draft.kind === 'native' ? ' Any port of the loopback address, and schemes of the application.' : ''}`}
        validationMessage={faultIn('redirectUris')}
      >
        <Textarea rows={2} value={draft.redirectUris} onChange={(_, { value }) => change({ redirectUris: value })} />
      </Field>
      <Field
        label="Redirect URIs after sign-out"
        hint="One in each line; may be empty"
        validationMessage={faultIn('postLogoutRedirectUris')}
      >
        <Textarea
          rows={2}
          value={draft.postLogoutRedirectUris}
          onChange={(_, { value }) => change({ postLogoutRedirectUris: value })}
        />
      </Field>
      <Field
        label="Back-channel logout URI"
        hint="Where the product is told that a session is over; may be empty"
        validationMessage={faultIn('backchannelLogoutUri')}
      >
        <Input
          value={draft.backchannelLogoutUri}
          onChange={(_, { value }) => change({ backchannelLogoutUri: value })}
        />
      </Field>
      <Field
        label="Organizations"
        hint="Ids of those whose people may use it, one in each line; empty: all"
        validationMessage={faultIn('organizations')}
      >
        <Textarea rows={2} value={draft.organizations} onChange={(_, { value }) => change({ organizations: value })} />
      </Field>
      <Field label="Id tokens are signed with">
        <Select
          value={draft.idTokenAlg}
          onChange={(_, { value }) => change({ idTokenAlg: value as ClientSettings['idTokenAlg'] })}
        >
          <option>RS256</option>
          <option>ES256</option>
        </Select>
      </Field>
      <div>
        <Checkbox
          label="A product of ours: people are not asked for consent"
          checked={draft.firstParty}
          onChange={(_, { checked }) => change({ firstParty: checked === true })}
        />
        <Checkbox
          label="Authorization requests have to be pushed (RFC 9126)"
          checked={draft.requirePushedRequests}
          onChange={(_, { checked }) => change({ requirePushedRequests: checked === true })}
        />
        {draft.kind === 'native' && (
          <Checkbox
            label="May sign people in by a code that they enter elsewhere (device flow)"
            checked={draft.deviceFlow}
            onChange={(_, { checked }) => change({ deviceFlow: checked === true })}
          />
        )}
      </div>
    </>
  );
}

/** How a client that can keep something proves itself. */
export function ProofFields({ draft, change, faultIn }: ClientFieldsProps) {
  if (!canProve(draft.kind)) return null;
  return (
    <>
      <Field label="Proves itself by" validationMessage={faultIn('authentication')}>
        <Select value={draft.byKey ? 'key' : 'secret'} onChange={(_, { value }) => change({ byKey: value === 'key' })}>
          <option value="secret">a secret</option>
          <option value="key">a key of its own (private_key_jwt)</option>
        </Select>
      </Field>
      {draft.byKey && (
        <>
          <Field label="Address of its public keys (JWKS)" validationMessage={faultIn('jwksUri')}>
            <Input value={draft.jwksUri} onChange={(_, { value }) => change({ jwksUri: value })} />
          </Field>
          <Field label="Or the public keys themselves (JWKS)" validationMessage={faultIn('jwks')}>
            <Textarea rows={3} value={draft.jwks} onChange={(_, { value }) => change({ jwks: value })} />
          </Field>
        </>
      )}
    </>
  );
}

/** What an API has. */
export function ApiFields({ draft, change, faultIn }: ClientFieldsProps) {
  if (draft.kind !== 'api') return null;
  return (
    <>
      <Field
        label="Identifier"
        required
        hint="An absolute URI by which tokens for it are asked for (resource)"
        validationMessage={faultIn('identifier')}
      >
        <Input value={draft.identifier} onChange={(_, { value }) => change({ identifier: value })} />
      </Field>
      <Field label="Scopes" hint="Those that the API knows, one in each line" validationMessage={faultIn('apiScopes')}>
        <Textarea rows={2} value={draft.apiScopes} onChange={(_, { value }) => change({ apiScopes: value })} />
      </Field>
      <div>
        <Checkbox
          label="Takes JWTs: it sees for itself whether a token is valid, for at most five minutes"
          checked={draft.jwt}
          onChange={(_, { checked }) => change({ jwt: checked === true })}
        />
        <Checkbox
          label="May exchange a token that it was called with for one of another API"
          checked={draft.mayExchange}
          onChange={(_, { checked }) => change({ mayExchange: checked === true })}
        />
      </div>
    </>
  );
}

/** The APIs that a client may ask tokens for. */
export function ResourceFields({ draft, change, faultIn }: ClientFieldsProps) {
  if (draft.kind === 'api' && !draft.mayExchange) return null;
  return (
    <Field
      label="APIs that it may use"
      hint="In each line the identifier of one, then the scopes; may be empty"
      validationMessage={faultIn('resources')}
    >
      <Textarea rows={2} value={draft.resources} onChange={(_, { value }) => change({ resources: value })} />
    </Field>
  );
}
