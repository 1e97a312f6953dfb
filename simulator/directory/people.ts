/** Given names of the simulated people; some outside ASCII, one with an apostrophe in the surnames below. */
export const givenNames: readonly [string, ...string[]] = [
  'Anna',
  'Björn',
  'Chiara',
  'David',
  'Elif',
  'Femi',
  'Grace',
  'Hugo',
  'Ingrid',
  'Jakub',
  'Kaito',
  'Léa',
  'Mara',
  'Nikhil',
  'Olga',
  'Pedro',
  'Quentin',
  'Rosa',
  'Søren',
  'Tomás',
  'Ursula',
  'Viktor',
  'Wanda',
  'Ximena',
  'Yusuf',
  'Zoë',
  'Amara',
  'Benoît',
  'Carmen',
  'Dmitri',
  'Esther',
  'Finn',
  'Giulia',
  'Hannah',
  'Ivan',
  'Jana',
  'Kwame',
  'Lukas',
  'Mei',
  'Noor',
  'Oskar',
  'Priya',
  'Rafael',
  'Sanna',
  'Teresa',
  'Umar',
  'Vera',
  'Wei',
  'Yara',
  'Željko',
];

/** Surnames of the simulated people. */
export const surnames: readonly [string, ...string[]] = [
  'Oja',
  'Becker',
  'Costa',
  'Dvořák',
  'Eriksen',
  'Fischer',
  'García',
  'Haddad',
  'Ito',
  'Jensen',
  'Kowalska',
  'Lindqvist',
  'Moreau',
  'Nguyen',
  'Okafor',
  'Petrov',
  'Quiroga',
  'Rossi',
  'Schäfer',
  'Tanaka',
  'Ünal',
  'Virtanen',
  'Weber',
  'Yamamoto',
  'Zhang',
  'Abebe',
  'Bianchi',
  'Castillo',
  'Duarte',
  'Engström',
  'Ferreira',
  'Gruber',
  'Horváth',
  'Ivanova',
  'Jovanović',
  'Keller',
  'Larsson',
  'Müller',
  'Novák',
  'Olsen',
];

/** Departments, each also a group of the larger tenant, with the title most people in it have. */
export const departments: readonly [Department, ...Department[]] = [
  { name: 'Engineering', title: 'Engineer' },
  { name: 'Sales', title: 'Account Executive' },
  { name: 'Finance', title: 'Controller' },
  { name: 'Operations', title: 'Planner' },
  { name: 'Support', title: 'Support Engineer' },
  { name: 'Legal', title: 'Counsel' },
  { name: 'Marketing', title: 'Editor' },
];

/** A department and its usual job title. */
export type Department = { readonly name: string; readonly title: string };

/** Offices: the address, language and dialling code of the people who work there. */
export const offices: readonly [Office, ...Office[]] = [
  {
    city: 'Zürich',
    state: 'ZH',
    country: 'CH',
    postalCode: '8005',
    street: 'Limmatstrasse',
    language: 'de-CH',
    dial: '+41 44 555',
  },
  {
    city: 'Helsinki',
    state: 'Uusimaa',
    country: 'FI',
    postalCode: '00100',
    street: 'Mannerheimintie',
    language: 'fi-FI',
    dial: '+358 9 555',
  },
  {
    city: 'Lisboa',
    state: 'Lisboa',
    country: 'PT',
    postalCode: '1200-109',
    street: 'Rua do Carmo',
    language: 'pt-PT',
    dial: '+351 21 555',
  },
  {
    city: 'Dublin',
    state: 'Leinster',
    country: 'IE',
    postalCode: 'D02 XY45',
    street: 'Dame Street',
    language: 'en-IE',
    dial: '+353 1 555',
  },
  {
    city: 'Kraków',
    state: 'Małopolska',
    country: 'PL',
    postalCode: '31-042',
    street: 'Rynek Główny',
    language: 'pl-PL',
    dial: '+48 12 555',
  },
];

/** An office and what its people have in common. */
export type Office = {
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly postalCode: string;
  readonly street: string;
  readonly language: string;
  readonly dial: string;
};
