/** Added INFO, `A=1,2;B=x`, as values by id. Its parts are ours: ids and values have no `;` within. */
export function infoValues(added: string): Map<string, string> {
  const values = new Map<string, string>();
  if (added === '') return values;
  for (const entry of added.split(';')) {
    const equals = entry.indexOf('=');
    if (equals > 0) values.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return values;
}
