import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { readImages } from '../../../docker/plain/image.ts';
import { type ComposeService, readCompose } from '../../../docker/plain/layout.ts';
import { readSigningKey } from '../../../src/core/seal/note-key.ts';

const docker = join(import.meta.dirname, '../../../docker');
const file = join(docker, 'compose.yaml');
const compose = readCompose(file);
const services = Object.entries(compose.services);
const images = readImages(join(docker, 'Dockerfile'));

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-compose-'));
  directories.push(directory);
  return directory;
}

/** What the linter finds, save that it wants everything in the order of the alphabet. */
function flaws(path: string): string[] {
  const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
  const found: readonly { readonly messages: readonly { readonly rule: string }[] }[] = linter.lintFiles([path], false);
  const messages = found.flatMap((one) => one.messages);
  return messages.map(({ rule }) => rule).filter((rule) => !/order|no-quotes-in-volumes/.test(rule));
}

const isOwn = (service: ComposeService) => service.build !== undefined;
const secretNames = (service: ComposeService) =>
  service.secrets.map((one) => (typeof one === 'string' ? one : one.source));

describe('docker/compose.yaml', () => {
  it('is a compose file without a flaw, where one would be found', () => {
    expect(flaws(file)).toEqual([]);
    const spoilt = join(newDirectory(), 'compose.yaml');
    writeFileSync(spoilt, readFileSync(file, 'utf8').replace('user: postgres', 'usr: postgres'));
    expect(flaws(spoilt)).not.toEqual([]);
  });

  it.each(services)('%s can change nothing of itself and gain nothing', (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add).toEqual([]);
    expect(service.privileged).toBe(false);
    expect(service.security_opt).toContain('no-new-privileges:true');
    for (const place of service.tmpfs) expect(place).toMatch(/noexec,nosuid/);
    const user = service.user ?? images.get(service.build?.target ?? '')?.user;
    expect(user).toMatch(/^[a-z]+$/);
    expect(user).not.toBe('root');
  });

  it.each(services)('%s is of one fixed version, or built here', (_name, service) => {
    if (isOwn(service)) expect(images.has(service.build?.target ?? '')).toBe(true);
    else expect(service.image).toMatch(/^[a-z]+:\d+[.]\d+/);
  });

  it('gives an engine the time that a stop may take while the database does not answer', () => {
    const { engine } = parse(readFileSync(join(docker, 'config/hearback.yaml'), 'utf8'));
    const longest = engine.drainDelaySeconds + 2 * engine.drainSeconds + 20;
    expect(longest).toBeGreaterThan(51);
    for (const name of ['door', 'worker', 'console']) {
      expect(Number.parseInt(compose.services[name]?.stop_grace_period ?? '', 10)).toBeGreaterThanOrEqual(longest);
    }
  });

  it.each(services)('%s is reached from this machine alone', (_name, service) => {
    for (const port of service.ports) expect(port).toMatch(/^127[.]0[.]0[.]1:\d+:\d+$/);
    const published = service.ports.map((port) => port.split(':')[2]);
    expect(published.filter((port) => !service.expose.includes(port ?? ''))).toEqual([]);
  });

  it.each(services)('%s waits for what is there and says when it is healthy', (_name, service) => {
    expect(
      service.healthcheck !== undefined || images.get(service.build?.target ?? '')?.healthcheck.length,
    ).toBeTruthy();
    for (const [other, { condition }] of Object.entries(service.depends_on)) {
      expect(Object.keys(compose.services)).toContain(other);
      expect(condition).toBe('service_healthy');
    }
  });

  it.each(services)('%s is given the secrets that it reads, and no others', (_name, service) => {
    const config =
      isOwn(service) && service.volumes.length > 0 ? readFileSync(join(docker, 'config/hearback.yaml'), 'utf8') : '';
    const read = `${(service.command ?? []).join(' ')} ${Object.values(service.environment).join(' ')} ${config}`;
    const named = new Set([...read.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name]) => name));
    const placed = service.secrets.flatMap((one) => (typeof one === 'string' ? [] : [one.source]));
    expect(new Set(secretNames(service))).toEqual(new Set([...named, ...placed]));
    for (const name of secretNames(service)) expect(Object.keys(compose.secrets)).toContain(name);
  });

  it.each(services.filter(([, service]) => isOwn(service)))('%s runs files that are there', (_name, service) => {
    const paths = (service.command ?? []).filter((word) => word.startsWith('docker/'));
    for (const path of paths) expect(existsSync(join(docker, '..', path))).toBe(true);
    for (const volume of service.volumes) expect(existsSync(join(docker, volume.split(':')[0] ?? ''))).toBe(true);
  });

  it('names secrets that new-secrets.mjs makes, readable, and made once', () => {
    const made = join(newDirectory(), 'secrets');
    const run = () => execFileSync(process.execPath, [join(docker, 'new-secrets.mjs'), made], { encoding: 'utf8' });
    expect(run()).toContain('riverside_token');
    expect(readSigningKey(readFileSync(join(made, 'log_key'), 'utf8'))?.name).toBe('town.example.org/hearback');
    const names = readdirSync(made);
    const wanted = Object.values(compose.secrets).map(({ file: path }) => basename(path));
    expect(names.sort()).toEqual([...wanted, 'riverside_token'].sort());
    const before = names.map((name) => readFileSync(join(made, name), 'utf8'));
    run();
    expect(names.map((name) => readFileSync(join(made, name), 'utf8'))).toEqual(before);
  });

  it('has no secret in itself', () => {
    for (const [, { environment }] of services) {
      for (const [name, value] of Object.entries(environment)) {
        if (/password|secret|token|key/i.test(name)) expect(value).toMatch(/^\/run\/secrets\//);
      }
    }
  });
});
