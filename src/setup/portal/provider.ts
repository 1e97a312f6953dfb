import { type ClientAuthentication, openidPresets } from '#contract';
import type { PrintStep } from './portal-steps.ts';

/** The whole of what is to do at an OpenID provider that is not Microsoft Entra. */
export const providerStep: PrintStep = ({ id, settings, plan }) => {
  const preset = openidPresets[settings.preset ?? 'generic'];
  const [web] = plan.appRegistration.redirectUris;
  return {
    title: `Register the application: ${preset.title}`,
    where: preset.register,
    link: null,
    actions: [
      { do: 'Name', value: plan.appRegistration.displayName },
      ...(web === undefined ? [] : [{ do: 'Redirect URI', value: web.uri }]),
      ...preset.choose.map((it) => ({ do: it, value: null })),
      ...proofActions[settings.clientAuthentication](id),
      { do: 'Copy the client id into this connection', value: settings.clientId },
      { do: 'Compare the issuer with the one of this connection', value: settings.issuer || preset.issuer },
    ],
    why: `People are known by issuer and subject, never by their e-mail address. ${preset.email}`,
  };
};

const secretActions = (id: string) => [
  {
    do: 'Copy the client secret and paste it under Secrets of this connection; or type',
    value: `portico secrets rotate ${id}`,
  },
];
const proofActions: Readonly<Record<ClientAuthentication, (id: string) => { do: string; value: string | null }[]>> = {
  secret: secretActions,
  secretBasic: secretActions,
  certificate: (id) => [
    {
      do: 'Make a certificate under Secrets of this connection; or type',
      value: `portico secrets certify ${id} --json`,
    },
    { do: 'Client authentication: private_key_jwt (signed JWT), with that certificate', value: null },
  ],
  federatedCredential: () => [],
};
