/** The name with its mark: three variants on a line, as lollipop plots draw them. The same drawing is the favicon. */
export function Wordmark(): JSX.Element {
  return (
    <>
      <svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
        <path d="M2 20.5h20M6 20V11M12 20V5M18 20v-6" fill="none" stroke="currentColor" stroke-width="2" />
        <circle cx="6" cy="10" r="2.6" fill="currentColor" />
        <circle cx="12" cy="5" r="3.2" fill="currentColor" />
        <circle cx="18" cy="13.5" r="2.2" fill="currentColor" />
      </svg>
      <b>GAS</b>
      <span class="expansion">Genomics Annotation Service</span>
    </>
  );
}
