/**
 * The roles of RBAC for Applications and the permissions they stand for (Exchange Online, application-rbac). There is none
 * for IMAP and POP.
 */
export const applicationRoles = {
  'Application Mail.Read': ['Mail.Read'],
  'Application Mail.ReadBasic': ['Mail.ReadBasic.All'],
  'Application Mail.ReadWrite': ['Mail.ReadWrite'],
  'Application Mail.Send': ['Mail.Send'],
  'Application Mail-Advanced.ReadWrite.All': ['Mail-Advanced.ReadWrite.All'],
  'Application MailboxSettings.Read': ['MailboxSettings.Read'],
  'Application MailboxSettings.ReadWrite': ['MailboxSettings.ReadWrite'],
  'Application Calendars.Read': ['Calendars.Read'],
  'Application Calendars.ReadWrite': ['Calendars.ReadWrite'],
  'Application Contacts.Read': ['Contacts.Read'],
  'Application Contacts.ReadWrite': ['Contacts.ReadWrite'],
  'Application MailboxFolder.Read': ['MailboxFolder.Read.All'],
  'Application MailboxFolder.ReadWrite': ['MailboxFolder.ReadWrite.All'],
  'Application MailboxItem.Read': ['MailboxItem.Read.All'],
  'Application MailboxItem.ImportExport': ['MailboxItem.ImportExport.All'],
  'Application MailboxConfigItem.Read': ['MailboxConfigItem.Read'],
  'Application MailboxConfigItem.ReadWrite': ['MailboxConfigItem.ReadWrite'],
  'Application MailTips.ReadBasic.All': ['MailTips.ReadBasic.All'],
  'Application Mail Full Access': ['Mail.ReadWrite', 'Mail.Send'],
  'Application Exchange Full Access': [
    'Mail.ReadWrite',
    'Mail.Send',
    'MailboxSettings.ReadWrite',
    'Calendars.ReadWrite',
    'Contacts.ReadWrite',
  ],
  'Application EWS.AccessAsApp': ['EWS.AccessAsApp'],
  'Application SMTP.SendAsApp': ['SMTP.SendAsApp'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The name of such a role. */
export type ApplicationRole = keyof typeof applicationRoles;

/** Finds a role by its name, without case. */
export function findApplicationRole(name: string): ApplicationRole | undefined {
  const names = Object.keys(applicationRoles) as ApplicationRole[];
  return names.find((known) => known.toLowerCase() === name.trim().toLowerCase());
}
