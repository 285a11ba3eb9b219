import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/read.ts';
import { ABSENT, MISTAKES } from './mistakes.ts';
import { FILE, marked, OTHER_DIGEST, SOUND, surroundings, TOKEN_DIGEST, WEBHOOK_SECRET } from './sound-config.ts';

function read(text: string) {
  return readConfig(FILE, surroundings(text));
}

/** The sound configuration with one piece replaced; the piece must stand in it. */
function withChange(from: string, to: string): string {
  expect(SOUND).toContain(from);
  return SOUND.replace(from, () => to);
}

describe('one mistake is one finding with its line, column and rule', () => {
  it('finds nothing wrong with the sound configuration', () => {
    expect(read(SOUND).findings).toEqual([]);
  });

  it.each(MISTAKES)('%s', (what, from, to, rule) => {
    const changed = withChange(from, to);
    const hint = ABSENT[what];
    const { text, line, column } = marked(
      hint === undefined ? changed : changed.replace(hint.replace('¦', ''), () => hint),
    );
    const { config, findings } = read(text);
    expect(findings.map((finding) => ({ rule: finding.rule, ...finding.place, expression: undefined }))).toEqual([
      { rule, file: FILE, line, column },
    ]);
    expect(config).toBeUndefined();
  });

  it('shows every mistake of the table a marker', () => {
    const unmarked = MISTAKES.filter(([what, , to]) => !to.includes('¦') && ABSENT[what] === undefined);
    expect(unmarked).toEqual([]);
  });
});

describe('all mistakes of a file are reported at once', () => {
  const text = SOUND.replace('port: 8080', 'prot: 8080')
    .replace('decide: P14D', 'decide: soon')
    .replace('kind: gp-system', 'kind: gp')
    .replace('OAK_ROAD_DIGEST', 'NOBODY_SET_THIS')
    .replace('https://casework', 'http://casework')
    .replace('casework/report', 'casework/rapport')
    .replace('to: [casework]', 'to: [case-work]');

  it('of the fields, of partners, files, addresses, secrets and routes, in the order of the file', () => {
    expect(read(text).findings.map((finding) => `${finding.place.line} ${finding.rule}`)).toEqual([
      '4 config/unknown-key',
      '7 config/bad-duration',
      '10 config/not-one-of',
      '15 config/unreadable-secret',
      '22 config/unreached-partner',
      '29 config/unknown-mapping',
      '32 config/plain-http',
      '39 config/unknown-partner',
    ]);
  });

  it('each with a message, a remedy and a JSON Pointer', () => {
    for (const finding of read(text).findings) {
      expect(finding.message).toMatch(/\w/);
      expect(finding.remedy).toMatch(/\w/);
      expect(finding.place.expression).toMatch(/^\//);
    }
  });

  it('asks back when a name is nearly right', () => {
    const messages = read(text).findings.map((finding) => finding.message);
    expect(messages).toEqual(
      expect.arrayContaining([
        'There is no key "prot" here. Did you mean "port"?',
        'There is no mapping "casework/rapport". Did you mean "casework/report"?',
        'There is no partner "case-work". Did you mean "casework"?',
      ]),
    );
  });

  it('lists an unknown key beside the two copies of another', () => {
    const doubled = SOUND.replace('    port: 8080', '    port: 8080\n    port: 8081\n    prot: 1');
    expect(read(doubled).findings.map((finding) => finding.rule)).toEqual([
      'config/duplicate-key',
      'config/unknown-key',
    ]);
  });

  it('reports exposure and the missing base address of one listener', () => {
    const open = read(SOUND.replace('127.0.0.1', '0.0.0.0')).findings;
    expect(open.map((finding) => finding.rule)).toEqual(['config/missing', 'config/exposed-listener']);
  });
});

describe('files that are no configuration', () => {
  it('a file that cannot be read', () => {
    const { findings } = readConfig(FILE, surroundings(undefined));
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'config/unreadable-file', place: { file: FILE, line: 1, column: 1 } }),
    ]);
  });

  it.each(['', '# nothing but a remark\n', '---\n'])('an empty file: %j', (text) => {
    expect(read(text).findings.map((finding) => finding.rule)).toEqual(['config/empty']);
  });

  it.each(['just text', '- a\n- list\n', '5'])('something else: %j', (text) => {
    expect(read(text).findings.map((finding) => finding.rule)).toContain('config/wrong-type');
  });

  it('brackets without end', () => {
    expect(read('['.repeat(50_000)).findings.map((finding) => finding.rule)).toContain('config/yaml');
  });

  it('aliases that grow without measure', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `k${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    const { config, findings } = read(['k0: &a0 [x]', ...lines].join('\n'));
    expect(config).toBeUndefined();
    expect(findings.map((finding) => finding.rule)).toContain('config/yaml');
  });
});

describe('one token speaks for one partner', () => {
  const second = (digest: string) =>
    SOUND.replace(
      '  - id: casework',
      () => `  - id: elm-road
    kind: gp-system
    organisation: { name: Elm Road Surgery }
    inlets:
      - { type: fhir, tokens: [{ sha256: ${digest} }] }
  - id: casework`,
    );

  it('refuses the same token for two, wherever its digest is kept', () => {
    const { findings } = read(second(TOKEN_DIGEST));
    expect(findings.map((finding) => [finding.rule, finding.place.line, finding.place.column])).toEqual([
      ['config/shared-token', 26, 42],
    ]);
  });

  it('takes different tokens', () => {
    expect(read(second(OTHER_DIGEST)).findings).toEqual([]);
  });
});

describe('one webhook secret signs for one partner', () => {
  const SECOND = 'secrets/signpost';
  const text = SOUND.replace(
    '  - id: casework',
    () => `  - id: signpost
    kind: vcse-platform
    organisation: { name: Signpost }
    inlets:
      - { type: webhook, secrets: [{ file: ${SECOND} }], mapping: casework/report }
  - id: casework`,
  );
  /** In which lines. */
  const shared = (secret: string) =>
    readConfig(FILE, surroundings(text, { [`/etc/hearback/${SECOND}`]: secret })).findings.flatMap(({ rule, place }) =>
      rule === 'config/shared-secret' ? [place.line] : [],
    );

  it('refuses the same for two, and takes it for the inlet and the outlet of one', () => {
    expect(shared(`${WEBHOOK_SECRET}\n`)).toEqual([33, 39]);
    expect(shared(`whsec_${Buffer.alloc(32, 9).toString('base64')}`)).toEqual([]);
  });
});

describe('what is allowed on purpose', () => {
  it.each([
    ['tls', 'tls: { cert: cert.pem, key: key.pem }'],
    ['a proxy in front', 'behindProxy: true'],
  ])('listening beyond loopback with %s', (_what, setting) => {
    const text = SOUND.replace('host: 127.0.0.1', () => `host: 0.0.0.0\n    ${setting}`).replace(
      '  listen:',
      '  baseUrl: https://hearback.example.org/fhir\n  listen:',
    );
    expect(read(text).findings).toEqual([]);
  });

  it.each(['localhost', '127.0.0.2', '"::1"'])('listening on %s without either', (host) => {
    expect(read(SOUND.replace('host: 127.0.0.1', () => `host: ${host}`)).findings).toEqual([]);
  });

  it.each(['http://localhost:9000/hooks', 'http://10.1.2.3/hooks', 'http://[::1]:9000/hooks'])(
    'a local partner at %s',
    (url) => {
      const text = SOUND.replace('https://casework.example.org/hooks', () => url).replace(
        'kind: vcse-platform',
        'kind: vcse-platform\n    local: true',
      );
      expect(read(text).findings).toEqual([]);
    },
  );

  it('the test mode for NHS numbers, with a warning', () => {
    const { config, findings } = read(SOUND.replace('  listen:', '  nhsNumberCheck: warn\n  listen:'));
    expect(findings.map((finding) => [finding.severity, finding.rule])).toEqual([['warning', 'config/test-mode']]);
    expect(config?.engine.nhsNumberCheck).toBe('warn');
  });

  it('no routes, with a warning', () => {
    const { config, findings } = read(SOUND.slice(0, SOUND.indexOf('routes:')));
    expect(findings.map((finding) => [finding.severity, finding.rule])).toEqual([['warning', 'config/no-routes']]);
    expect(config?.routes).toEqual([]);
  });
});
