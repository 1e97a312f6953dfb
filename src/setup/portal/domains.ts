import type { PrintStep } from './portal-steps.ts';

/** S6: the records that prove the e-mail domains; made where the customer keeps its DNS, not in the portal. */
export const domainsStep: PrintStep = ({ settings, unproven }) => {
  if (!settings.signIn || unproven.length === 0) return undefined;
  return {
    title: 'Prove the e-mail domains',
    where: 'Wherever the DNS of the domain is kept',
    link: null,
    actions: [
      ...unproven.flatMap(({ recordName, recordValue }) => [
        { do: 'Add a record of type TXT with the name', value: recordName },
        { do: 'and the value', value: recordValue },
      ]),
      { do: 'Verify the domain in Portico, once the record is published', value: null },
    ],
    why: 'People are sent to this connection by their e-mail address only where the domain is proven to be yours.',
  };
};
