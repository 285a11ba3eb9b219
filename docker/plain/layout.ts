import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Image, readImages } from './image.ts';

const condition = z.object({ condition: z.string() });

const secretUse = z.union([z.string(), z.object({ source: z.string(), target: z.string().optional() })]);

const service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string(), target: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  user: z.string().optional(),
  expose: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  secrets: z.array(secretUse).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  privileged: z.boolean().default(false),
  security_opt: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  stop_grace_period: z.string().optional(),
  depends_on: z.record(z.string(), condition).default({}),
});

const compose = z.object({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  volumes: z.record(z.string(), z.unknown()).default({}),
});

export type ComposeFile = z.output<typeof compose>;
export type ComposeService = z.output<typeof service>;

/** A service of ours: what the compose file says of it, over what its image says. */
export interface OwnService {
  readonly name: string;
  readonly service: ComposeService;
  readonly image: Image;
}

/** Reads a compose file as Compose does, merges (`<<`) done. @throws with what is wrong with its shape */
export function readCompose(file: string): ComposeFile {
  return compose.parse(parse(readFileSync(file, 'utf8'), { merge: true }));
}

/** The services that are built here, in an order in which each comes after those that it waits for. */
export function ownServices(file: string): OwnService[] {
  const { services } = readCompose(file);
  const own = Object.entries(services).flatMap(([name, one]) => {
    if (one.build === undefined) return [];
    const { context, dockerfile, target } = one.build;
    const image = readImages(join(dirname(file), context, dockerfile)).get(target);
    if (image === undefined)
      throw new Error(`${name} is made of the stage ${target}, which ${dockerfile} does not have`);
    return [{ name, service: one, image }];
  });
  const waitsFor = (name: string): readonly string[] => Object.keys(services[name]?.depends_on ?? {});
  const depth = (name: string): number => Math.max(0, ...waitsFor(name).map((other) => 1 + depth(other)));
  return own.sort((left, right) => depth(left.name) - depth(right.name));
}
