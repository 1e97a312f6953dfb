import { clouds } from './clouds.ts';

/** Which of the simulator's doors answers for one of Microsoft's hosts. */
export type HostDoor = 'login' | 'graph' | 'arm' | 'outlook' | 'portalApi' | 'azureAdGraph';

const named =
  (door: HostDoor) =>
  (host: string): [string, HostDoor] => [host, door];

/** The hosts at which Microsoft is asked by https. */
export const microsoftHosts: ReadonlyMap<string, HostDoor> = new Map([
  ...Object.values(clouds).flatMap(
    ({ loginHosts, graphHosts, armHosts, exchangeHost, outlookHost, azureAdGraphHost }) => [
      ...loginHosts.map(named('login')),
      ...graphHosts.map(named('graph')),
      ...armHosts.map(named('arm')),
      ...[exchangeHost, outlookHost].map(named('outlook')),
      named('azureAdGraph')(azureAdGraphHost),
    ],
  ),
  named('portalApi')('main.iam.ad.ext.azure.com'),
]);

/** What mail programs ask of Microsoft beside https, by `host:port`. */
export const mailTargets: ReadonlyMap<string, 'smtp' | 'imap'> = new Map(
  Object.values(clouds).flatMap(({ exchangeHost, smtpHost }): [string, 'smtp' | 'imap'][] => [
    [`${exchangeHost}:993`, 'imap'],
    [`${smtpHost}:587`, 'smtp'],
  ]),
);

/** Every name of Microsoft that the simulator answers to. */
export const allHosts: readonly string[] = [
  ...new Set([...microsoftHosts.keys(), ...[...mailTargets.keys()].map((target) => target.split(':')[0] ?? '')]),
];
