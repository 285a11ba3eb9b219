import type { Message } from '../core/message.ts';
import { amqpMapping } from './amqp-mapping.ts';
import type { Config } from './schema.ts';

/** The name of the mapping that reads what a partner sends by a channel; undefined when none is configured. */
export function reportMappingOf(
  { partner, channel, headers }: Pick<Message, 'partner' | 'channel' | 'headers'>,
  { partners }: Pick<Config, 'partners'>,
): string | undefined {
  const inlets = partners.find(({ id }) => id === partner)?.inlets ?? [];
  for (const inlet of inlets) {
    if (inlet.type === 'webhook' && channel === 'webhook') return inlet.mapping;
    if (inlet.type === 'amqp' && channel === 'amqp') return amqpMapping(inlet, headers['type']);
    if (inlet.type === 'mllp' && channel === 'mllp') return inlet.mappings[headers['event'] ?? ''];
  }
  return undefined;
}
