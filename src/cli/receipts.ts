import { Command } from 'commander';
import { amqpMappings } from '../config/amqp-mapping.ts';
import { diskIo } from '../config/disk.ts';
import { readConfig } from '../config/read.ts';
import type { Config, Inlet } from '../config/schema.ts';
import { addedTotals } from '../core/mapping/receipt/receipt-of.ts';
import { type ReceiptOfMessage, receiptsOfPartner } from '../flow/desk/partner-receipts.ts';
import { makePdf } from '../wire-document.ts';
import { WrongUse } from './exit-code.ts';
import { counted } from './mappings-counted.ts';
import { totalsText } from './mappings-receipt.ts';
import { openWorkspace } from './mappings-workspace.ts';
import { withRecord } from './open-setup.ts';
import { readLimit } from './option-values.ts';

interface ReceiptsOptions {
  readonly config: string;
  readonly partner: string;
  readonly limit: number;
  readonly json?: boolean;
}

/**
 * `hearback receipts --partner ID`: what the mappings on disk do with the messages of the record. Message ids and counts; a
 * message that was made with another version of its mapping is named as such.
 */
export function receiptsCommand(): Command {
  return new Command('receipts')
    .description("Count what became of the elements of a partner's messages, by the mappings as they are now.")
    .requiredOption('--partner <id>', 'the platform')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--limit <n>', 'at most so many loops', readLimit, 100)
    .option('--json', 'one JSON object a line')
    .action(async (options: ReceiptsOptions) => {
      const receipts = await withRecord(options.config, async (store, { names, note }) => {
        if (!Object.hasOwn(names, options.partner))
          throw new WrongUse(`There is no partner ${options.partner}. There is: ${Object.keys(names).join(', ')}.`);
        const config = configOf(options.config);
        const { mappings } = await openWorkspace(
          config?.engine ?? { mappings: 'mappings', terminology: 'terminology' },
        );
        const all = await receiptsOfPartner(
          { partner: options.partner, report: reportMapping(config, options.partner), limit: options.limit },
          { store, makePdf, mappings: new Map(mappings.map(({ mapping }) => [mapping.name, mapping])) },
        );
        const detail = { partner: options.partner, found: all.length };
        await note({ kind: 'receipts.read', command: 'receipts', detail });
        return all;
      });
      print(receipts, options);
    });
}

function configOf(file: string): Config | undefined {
  return readConfig(file, diskIo(process.env), { onlyLook: true }).config;
}

/** The mapping that reads what the partner reports. */
function reportMapping(config: Config | undefined, partner: string): string | undefined {
  const inlets = config?.partners.find(({ id }) => id === partner)?.inlets ?? [];
  return inlets.flatMap(reportMappings)[0];
}

function reportMappings(inlet: Inlet): string[] {
  if (inlet.type === 'webhook') return [inlet.mapping];
  return inlet.type === 'amqp' ? amqpMappings(inlet) : [];
}

function print(receipts: readonly ReceiptOfMessage[], { partner, json = false }: ReceiptsOptions): void {
  for (const one of receipts) console.log(json ? JSON.stringify(one) : lineOf(one));
  const all = receipts.flatMap(({ totals }) => totals ?? []);
  const names = [...new Set(receipts.map(({ mapping }) => mapping))];
  const byMapping = names.map((mapping) => ({
    mapping,
    messages: receipts.filter((one) => one.mapping === mapping).length,
    totals: addedTotals(receipts.flatMap((one) => (one.mapping === mapping ? (one.totals ?? []) : []))),
  }));
  if (json) console.log(JSON.stringify({ partner, messages: receipts.length, byMapping, totals: addedTotals(all) }));
  else {
    for (const { mapping, totals } of byMapping) console.log(`${mapping}: ${totalsText(totals)}`);
    console.log(`${partner}: ${counted(receipts.length, 'message')}  ${totalsText(addedTotals(all))}`);
  }
}

const NOTES: Readonly<Record<ReceiptOfMessage['version'], string>> = {
  same: '',
  other: '  made with another version of the mapping',
  unknown: '',
  gone: '  its mapping is not there any more',
  pruned: '  its bytes were pruned',
};

function lineOf({ message, direction, mapping, version, sameBytes, totals }: ReceiptOfMessage): string {
  const moved = version === 'same' && sameBytes === false ? '  the dossier has changed since' : '';
  return `${message}  ${direction}  ${mapping}  ${totals === undefined ? '' : totalsText(totals)}${NOTES[version]}${moved}`;
}
