/**
 * The bill of materials of a release in CycloneDX 1.6: every package that is inside an executable, with the hash and
 * the licence that package-lock.json has, and Bun itself. Says nothing that changes from one build to the next.
 */

interface LockedPackage {
  version?: string;
  integrity?: string;
  license?: string;
}

/** `inside`: where the packages lie, as the lock names them. */
export function billOfMaterials(
  lock: { packages: Record<string, LockedPackage> },
  inside: ReadonlySet<string>,
  { version, commit }: { version: string; commit: string },
) {
  const found = [...inside].map((path) => {
    const locked = lock.packages[path];
    if (!locked) throw new Error(`${path} is inside an executable, but not in package-lock.json. Run npm install.`);
    return component(path, locked);
  });
  // One package may lie at several paths.
  const components = [...new Map(found.map((one) => [one.purl, one])).values()].sort((a, b) =>
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
