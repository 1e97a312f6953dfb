import type { DirectorySettings } from '#contract';

/** The settings of a directory as they stand in a form: numbers as text, groups as lines. */
export interface SettingsEntry {
  percent: string;
  minutes: string;
  onlyMembersOf: string;
  strict: boolean;
  schemaProfile: DirectorySettings['schemaProfile'];
  requestsPerSecond: string;
  accessTokenMinutes: string;
}

/** Fields whose faults the form shows beside them. */
export const settingsFields = ['percent', 'minutes', 'requestsPerSecond', 'accessTokenMinutes'] as const;

/** The form's beginning. */
export const entryOf = (settings: DirectorySettings): SettingsEntry => ({
  percent: String(settings.brake.percent),
  minutes: String(settings.brake.minutes),
  onlyMembersOf: settings.onlyMembersOf.join('\n'),
  strict: settings.strict,
  schemaProfile: settings.schemaProfile,
  requestsPerSecond: String(settings.requestsPerSecond),
  accessTokenMinutes: String(settings.accessTokenMinutes),
});

/** The names of groups that were entered, in their lines. */
export const groupNames = ({ onlyMembersOf }: SettingsEntry): string[] => [
  ...new Set(
    onlyMembersOf
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

/** The form as the API takes it; extensions, which it does not show, stay as they are. */
export const settingsBody = (entry: SettingsEntry) => ({
  brake: { percent: Number(entry.percent), minutes: Number(entry.minutes) },
  onlyMembersOf: groupNames(entry),
  strict: entry.strict,
  schemaProfile: entry.schemaProfile,
  requestsPerSecond: Number(entry.requestsPerSecond),
  accessTokenMinutes: Number(entry.accessTokenMinutes),
});
