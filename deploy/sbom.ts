/**
 * The bill of materials of an executable in CycloneDX 1.6, made from package-lock.json: every package that may be
 * inside, with its licence and its hash, and Bun itself. Says nothing that changes from one build to the next.
 */

interface LockedPackage {
  version?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
  peer?: boolean;
}

/** `runtime`: the package of the Bun that became the body of the executables. */
export function billOfMaterials(
  lock: { packages: Record<string, LockedPackage> },
  { version, commit, runtime }: { version: string; commit: string; runtime: string },
) {
  const inside = Object.entries(lock.packages)
    .filter(([path, { dev, optional }]) => path !== '' && !dev && !optional)
    .concat(Object.entries(lock.packages).filter(([path]) => path === `node_modules/${runtime}`))
    .map(([path, locked]) => component(path, locked));
  // One package may lie at several paths.
  const components = [...new Map(inside.map((one) => [one.purl, one])).values()].sort((a, b) =>
    a.purl < b.purl ? -1 : 1,
  );
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': 'gas',
        name: 'gas',
        version,
        licenses: [{ license: { id: 'MIT' } }],
        properties: [{ name: 'gas:commit', value: commit }],
      },
    },
    components,
  };
}

function component(path: string, { version = '', integrity = '', license }: LockedPackage) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const [algorithm, hash] = integrity.split('-');
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(algorithm === 'sha512' && hash
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] }
      : {}),
    ...(license ? { licenses: [/[ ()]/.test(license) ? { expression: license } : { license: { id: license } }] } : {}),
  };
}
