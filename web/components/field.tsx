/** A labelled form field, with its hint and, when it was not right, what was wrong with it. */
import type { UserError } from '../../jobs/errors.ts';

interface FieldProps {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password';
  value?: string;
  hint?: string;
  autocomplete: string;
  minlength?: number;
  maxlength?: number;
  /** What the last attempt got wrong, if it was this field. */
  error?: UserError | undefined;
}

export function Field({ name, label, type = 'text', value, hint, error, ...limits }: FieldProps): JSX.Element {
  const wrong = error?.field === name ? error.message : undefined;
  const describedBy = [hint && `${name}-hint`, wrong && `${name}-wrong`].filter(Boolean).join(' ');
  return (
    <div class={`field${wrong ? ' wrong' : ''}`}>
      <label for={name} safe>
        {label}
      </label>
      <input
        id={name}
        name={name}
        type={type}
        required
        {...(value === undefined ? {} : { value })}
        {...limits}
        {...(describedBy ? { 'aria-describedby': describedBy } : {})}
        {...(wrong ? { 'aria-invalid': 'true', autofocus: true } : {})}
      />
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`} safe>
          {hint}
        </p>
      )}
      {wrong !== undefined && (
        <p class="wrong-why" id={`${name}-wrong`} safe>
          {wrong}
        </p>
      )}
    </div>
  );
}
