import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { Directory } from '#contract';
import { ToInText } from '../page/to.tsx';
import { At } from '../values/time.tsx';

/** What is wrong between Entra and a directory: it is late, or its job is in quarantine or near it. */
export function Contact({ directory: { id, lateSince, quarantine } }: { directory: Directory }) {
  if (quarantine.risk !== 'none') {
    return (
      <MessageBar intent={quarantine.risk === 'high' ? 'error' : 'warning'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>
            {quarantine.risk === 'high' ? 'Entra’s job is in quarantine, or will be' : 'Many requests fail'}
          </MessageBarTitle>
          {quarantine.why} {quarantine.recover}{' '}
          <ToInText to="/directories/$directory/requests" params={{ directory: id }} search={{ outcome: 'refused' }}>
            What was refused
          </ToInText>
        </MessageBarBody>
      </MessageBar>
    );
  }
  if (lateSince === null) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>Entra is late</MessageBarTitle>
        It was expected at <At at={lateSince} />. Perhaps nothing changed in the tenant; else look in Entra at
        Provisioning &gt; Overview whether the job runs, is stopped, or is in quarantine.
      </MessageBarBody>
    </MessageBar>
  );
}
