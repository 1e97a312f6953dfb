import type { User } from '../directory/tenant.ts';

type Read = (user: User) => string | null;

/** Attributes of the directory that a mapping can take a value from, by the names the provisioning service has for them. */
export const sourceAttributes = {
  objectId: ({ id }) => id,
  userPrincipalName: ({ userPrincipalName }) => userPrincipalName,
  mailNickname: ({ mailNickname }) => mailNickname,
  mail: ({ mail }) => mail,
  displayName: ({ displayName }) => displayName,
  givenName: ({ givenName }) => givenName,
  surname: ({ surname }) => surname,
  jobTitle: ({ jobTitle }) => jobTitle,
  department: ({ department }) => department,
  companyName: ({ companyName }) => companyName,
  employeeId: ({ employeeId }) => employeeId,
  telephoneNumber: ({ businessPhones }) => businessPhones[0] ?? null,
  mobile: ({ mobilePhone }) => mobilePhone,
  facsimileTelephoneNumber: ({ faxNumber }) => faxNumber,
  physicalDeliveryOfficeName: ({ officeLocation }) => officeLocation,
  streetAddress: ({ streetAddress }) => streetAddress,
  city: ({ city }) => city,
  state: ({ state }) => state,
  postalCode: ({ postalCode }) => postalCode,
  country: ({ country }) => country,
  preferredLanguage: ({ preferredLanguage }) => preferredLanguage,
  userType: ({ userType }) => userType,
} as const satisfies Readonly<Record<string, Read>>;

/** Name of such an attribute. */
export type SourceAttribute = keyof typeof sourceAttributes;
