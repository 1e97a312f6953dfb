import type { PrintStep } from './portal-steps.ts';

/** Back at Portico: test, sign in for trial, activate. */
export const testStep: PrintStep = ({ id, settings }) => ({
  title: 'Test and activate',
  where: `Portico > Connections > ${settings.name}; or on the command line`,
  link: null,
  actions: [
    { do: 'Run the checks on these settings', value: `portico connections test ${id}` },
    ...(settings.signIn
      ? [
          {
            do: 'Test a sign-in, which shows the claims and creates nothing: Test sign-in on the page of this connection',
            value: null,
          },
        ]
      : []),
    { do: 'Make them live', value: `portico connections activate ${id}` },
  ],
  why: 'Until then whatever was live before stays live.',
});
