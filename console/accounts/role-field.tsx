import { Field, Input } from '@fluentui/react-components';

interface RoleFieldProps {
  value: string;
  onChange: (value: string) => void;
  fault: string | undefined;
}

/** The role of an account itself. */
export function RoleField({ value, onChange, fault }: RoleFieldProps) {
  return (
    <Field
      label="Role"
      hint="What the products are told, beside the roles of groups and app roles. Without blanks; may be empty."
      validationMessage={fault ?? null}
    >
      <Input value={value} maxLength={120} spellCheck={false} onChange={(_, data) => onChange(data.value)} />
    </Field>
  );
}

/** The role that was entered; an empty field is none. */
export const roleOf = (entered: string): string | null => (entered.trim() === '' ? null : entered.trim());
