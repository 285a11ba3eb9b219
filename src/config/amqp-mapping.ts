import type { Inlet } from './schema.ts';

type AmqpInlet = Extract<Inlet, { type: 'amqp' }>;

/** The mapping that reads a message of this type; undefined when none is agreed. */
export function amqpMapping(
  { mapping, mappings = {} }: Pick<AmqpInlet, 'mapping' | 'mappings'>,
  type: string | undefined,
): string | undefined {
  if (mapping !== undefined) return mapping;
  return type !== undefined && Object.hasOwn(mappings, type) ? mappings[type] : undefined;
}

/** All mappings that read what comes here. */
export function amqpMappings({ mapping, mappings = {} }: AmqpInlet): string[] {
  return mapping === undefined ? Object.values(mappings) : [mapping];
}
