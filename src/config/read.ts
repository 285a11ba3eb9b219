import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { type Finding, hasErrors } from '../core/finding.ts';
import { addressProblems } from './checks/addresses.ts';
import { amqpDoorProblems } from './checks/amqp-doors.ts';
import { auditorProblems } from './checks/auditors.ts';
import { brokerProblems } from './checks/brokers.ts';
import { closureProblems } from './checks/closure.ts';
import { consoleRoleProblems } from './checks/console-roles.ts';
import { listenerProblems } from './checks/listener.ts';
import { logKeyProblems } from './checks/log-key.ts';
import { mappingProblems } from './checks/mappings.ts';
import { mllpProblems } from './checks/mllp.ts';
import { partnerProblems } from './checks/partners.ts';
import { retentionProblems } from './checks/retention.ts';
import { roleProblems } from './checks/roles.ts';
import { routeProblems } from './checks/routes.ts';
import { secretProblems } from './checks/secrets.ts';
import { sharedPortProblems } from './checks/shared-ports.ts';
import { writeBackProblems } from './checks/write-back.ts';
import type { ConfigIo } from './io.ts';
import { type Problem, pointer } from './problem.ts';
import { resolvePaths } from './resolve-paths.ts';
import { type Config, configSchema } from './schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { rootSpot } from './spot.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export interface ConfigReading {
  /** Only when no finding is an error: nothing may start on half a configuration. */
  readonly config?: Config;
  /** SHA-256 of the file's text, lower-case hex; secrets are not in it. There with `config`. */
  readonly digest?: string;
  /** Everything that is wrong, in the order of the file. */
  readonly findings: readonly Finding[];
}

export interface ReadOptions {
  /**
   * True for looking at the record only: secrets, certificates and mappings are not asked for, so that they need not be where
   * somebody looks.
   */
  readonly onlyLook?: boolean;
}

/**
 * Reads and checks `hearback.yaml`: its YAML, its fields, and what belongs together (partners and routes, mappings and
 * files, addresses and encryption, secrets and where they are kept). All mistakes are reported at once, each with line
 * and column; only after a mistake in the YAML itself the rest waits, since nobody knows what was meant.
 * @param file path of the file; paths inside it are taken from its directory
 */
export function readConfig(file: string, io: ConfigIo, { onlyLook = false }: ReadOptions = {}): ConfigReading {
  const text = io.readFile(file);
  if (text === undefined) return { findings: [wholeFile(file, NO_FILE)] };
  const source = readYaml(text);
  const flaws = source.flaws.map(
    ({ line, column, ...flaw }): Finding => ({ severity: 'error', place: { file, line, column }, ...flaw }),
  );
  if (!source.readable) return { findings: inOrder(flaws) };
  if (source.value === null) return { findings: [wholeFile(file, NOTHING)] };
  const parsed = configSchema.safeParse(source.value);
  const problems = allProblems(schemaProblems(parsed.error?.issues ?? [], source.value), source.value, {
    file,
    io,
    onlyLook,
  });
  const findings = inOrder([...flaws, ...problems.map((problem) => located(problem, file, source))]);
  if (!parsed.success || hasErrors(findings)) return { findings };
  const digest = createHash('sha256').update(text).digest('hex');
  return { config: resolvePaths(parsed.data, dirname(file)), digest, findings };
}

/** Of a value that breaks a rule of its field no more is said: what does not fit elsewhere follows from that. */
function allProblems(
  ofSchema: readonly Problem[],
  raw: unknown,
  { file, io, onlyLook }: { readonly file: string; readonly io: ConfigIo; readonly onlyLook: boolean },
): Problem[] {
  const root = rootSpot(raw);
  const objected = new Set(ofSchema.map((problem) => pointer(problem.path)));
  const across = [
    ...listenerProblems(root),
    ...sharedPortProblems(root),
    ...partnerProblems(root),
    ...auditorProblems(root),
    ...mllpProblems(root),
    ...amqpDoorProblems(root),
    ...addressProblems(root),
    ...(onlyLook
      ? []
      : [
          ...mappingProblems(root, file, io),
          ...secretProblems(root, file, io),
          ...brokerProblems(root, file, io),
          ...logKeyProblems(root, file, io),
        ]),
    ...roleProblems(root),
    ...consoleRoleProblems(root),
    ...routeProblems(root),
    ...closureProblems(root),
    ...retentionProblems(root),
    ...writeBackProblems(root),
  ];
  return [...ofSchema, ...across.filter((problem) => !objected.has(pointer(problem.path)))];
}

function located(problem: Problem, file: string, source: YamlSource): Finding {
  const { severity, path, at, rule, message, remedy } = problem;
  const { line, column } = source.place(path, at);
  return { severity, rule, place: { file, line, column, expression: pointer(path) }, message, remedy };
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (left, right) =>
      (left.place.line ?? 0) - (right.place.line ?? 0) ||
      (left.place.column ?? 0) - (right.place.column ?? 0) ||
      left.rule.localeCompare(right.rule),
  );
}

function wholeFile(file: string, flaw: Pick<Finding, 'rule' | 'message' | 'remedy'>): Finding {
  return { severity: 'error', place: { file, line: 1, column: 1 }, ...flaw };
}

const NO_FILE = {
  rule: 'config/unreadable-file',
  message: 'The configuration cannot be read.',
  remedy: 'Correct the path, or copy examples/hearback.yaml and begin from there.',
};

const NOTHING = {
  rule: 'config/empty',
  message: 'The configuration is empty.',
  remedy: 'Copy examples/hearback.yaml and begin from there.',
};
