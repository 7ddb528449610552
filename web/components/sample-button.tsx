/** One click: annotate the sample file. For a visitor who is not signed in it leads over the sign-up page. */
export function SampleButton(): JSX.Element {
  return (
    <form method="post" action="/annotations/sample">
      <button type="submit">Try a sample file</button>
    </form>
  );
}
