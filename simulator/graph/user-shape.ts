import { z } from 'zod';

const text = z.string().max(1024).nullable();

/** A password somebody gets; he has to change it at his first sign-in unless told otherwise. */
const passwordProfile = z.object({
  password: z.string().min(1).max(256),
  forceChangePasswordNextSignIn: z.boolean().nullish(),
  forceChangePasswordNextSignInWithMfa: z.boolean().nullish(),
});

/** The properties of a user that a request may change (user resource type). */
export const changedUser = z
  .strictObject({
    displayName: z.string().min(1).max(256),
    userPrincipalName: z.string().min(1).max(113),
    accountEnabled: z.boolean(),
    mail: text,
    mailNickname: z.string().min(1).max(64),
    givenName: text,
    surname: text,
    userType: z.enum(['Member', 'Guest']),
    jobTitle: text,
    department: text,
    companyName: text,
    employeeId: text,
    businessPhones: z.array(z.string().max(64)).max(1),
    otherMails: z.array(z.string().max(250)),
    mobilePhone: text,
    faxNumber: text,
    officeLocation: text,
    streetAddress: text,
    city: text,
    state: text,
    postalCode: text,
    country: text,
    preferredLanguage: text,
    usageLocation: text,
    passwordProfile: passwordProfile.nullable(),
    passwordPolicies: text,
  })
  .exactPartial();

/** What a request to make a user has to say. */
export const newUser = changedUser
  .required({ displayName: true, userPrincipalName: true, mailNickname: true, accountEnabled: true })
  .extend({ passwordProfile });
