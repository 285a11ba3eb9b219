/**
 * The arrow: core <- ports <- flow | adapters | store | console | config | ops; only main.ts and cli/ see all.
 * test/architecture plants one fault of each kind and sees that this file finds it.
 */
const side = (name, from, to, why) => ({ name, severity: 'error', comment: why, from: { path: from }, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    side('no-cycle', '', { circular: true }, 'A cycle means that neither file can be understood or tested alone.'),
    side(
      'core-is-inside',
      '^src/core/',
      { path: '^src/', pathNot: '^src/core/' },
      'The pure part must not know who uses it.',
    ),
    side(
      'core-is-pure',
      '^src/core/',
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
      'No files, sockets, processes or timers in core; crypto only for digests.',
    ),
    side(
      'ports-see-core',
      '^src/ports[-.]',
      { path: '^src/', pathNot: '^src/core/|^src/ports[-.]' },
      'The doors stand between.',
    ),
    side(
      'flow-sees-doors',
      '^src/flow/',
      { path: '^src/', pathNot: '^src/(core|flow)/|^src/ports(-changes|-queries|-record)?[.]ts$' },
      'The road knows its own doors and the record, nothing behind them and nothing that goes on beside it.',
    ),
    side(
      'road-needs-no-desk',
      '^src/flow/(?!desk/)',
      { path: '^src/flow/desk/' },
      'What a person decides, asks or runs again stands beside the road: no step waits for it.',
    ),
    side(
      'outer-rooms-see-doors',
      '^src/(config|ops|console)/',
      { path: '^src/', pathNot: '^src/core/|^src/ports[-.]|^src/$1/' },
      'The outer rooms do not know each other.',
    ),
    side(
      'record-and-seal-see-doors',
      '^src/(store|journal)/',
      { path: '^src/', pathNot: '^src/core/|^src/ports[-.]|^src/$1/' },
      'What seals the log knows the record by its doors, and the road knows nothing of it.',
    ),
    side(
      'no-adapter-sees-another',
      '^src/adapters/([^/]+)/',
      { path: '^src/', pathNot: '^src/core/|^src/ports[-.]|^src/adapters/$1/' },
      'One folder a protocol: what two share belongs to core.',
    ),
    {
      name: 'nobody-sees-main',
      severity: 'error',
      comment: 'main.ts wires; it is not a library.',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/main[.]ts$' },
    },
    side(
      'no-drawer',
      '',
      { path: '(^|/)(utils?|common|helpers?|types|misc|shared)([.]ts|/)', pathNot: 'node_modules' },
      'A file named for nothing in particular collects everything.',
    ),
    {
      name: 'no-drawer-unused',
      severity: 'error',
      comment: 'The same, before anybody imports it.',
      from: { orphan: true, path: '/(utils?|common|helpers?|types|misc|shared)([.]ts|/)' },
      to: {},
    },
    // What a browser loads (console/public) stands beside files that are put there when it is served.
    side(
      'no-orphan-library',
      '^src/(?!console/public/)',
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown', 'npm-unknown'], pathNot: '^fhir/r4' },
      'It would be missing in production.',
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
