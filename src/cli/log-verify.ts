import { closeSync, createReadStream, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { openCheckpoint } from '../core/seal/checkpoint.ts';
import { hashLeaf } from '../core/seal/hash-tree.ts';
import type { LogFault } from '../core/seal/log-fault.ts';
import type { VerifierKey } from '../core/seal/note-key.ts';
import { readTlogProof, TLOG_PROOF } from '../core/seal/tlog-proof.ts';
import { provesInclusion } from '../core/seal/verify-proof.ts';
import { lastCheckpoints } from '../journal/checkpoint-file.ts';
import { notAfterKept } from '../journal/kept-checkpoints.ts';
import { verifyExport } from '../journal/verify-export.ts';
import { verifyRecord } from '../journal/verify-record.ts';
import { WrongUse } from './exit-code.ts';
import { collectCheckpoints, collectKeys, keysOfLog, signingKeyOf } from './log-keys.ts';
import { withWholeRecord } from './open-setup.ts';

interface VerifyOptions {
  readonly config: string;
  readonly key: readonly VerifierKey[];
  readonly checkpoint: readonly string[];
  readonly bodies: boolean;
  readonly json?: boolean;
}

/** What a log comes to that is whole, in figures and words for a person. */
interface Whole {
  readonly entries: number;
  readonly [figure: string]: unknown;
}

/** `hearback log verify`: whether a log is whole, from an export with a public key alone, or in the record itself. */
export function logVerifyCommand(): Command {
  return new Command('verify')
    .description('Verify an export or a proof with the log’s public key alone; without a file, the log in the record.')
    .argument('[file]', 'what `hearback log export` or `hearback log prove` wrote')
    .option(
      '--key <key>',
      'a public key, or a file with one; may be given again (an older key follows its successors)',
      collectKeys,
      [],
    )
    .option(
      '--checkpoint <file>',
      'checkpoints that were kept elsewhere: the log must have them all',
      collectCheckpoints,
      [],
    )
    .option('-c, --config <file>', 'the configuration, when the record itself is verified', 'hearback.yaml')
    .option('--no-bodies', 'do not compare the bytes of messages with their digests (the record itself only)')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', '\nExit codes: 0 it is whole, 1 it is not (the first wrong place is named), 2 wrong use.')
    .action(async (file: string | undefined, options: VerifyOptions) => {
      const result = file === undefined ? await ofRecord(options) : await ofFile(file, options);
      const isWhole = !('kind' in result);
      if (options.json) console.log(JSON.stringify({ whole: isWhole, ...result }));
      else console.log(isWhole ? wholeText(result) : faultText(result as unknown as LogFault));
      process.exitCode = isWhole ? 0 : 1;
    });
}

async function ofRecord({ config: file, key, checkpoint, bodies }: VerifyOptions): Promise<LogFault | Whole> {
  return withWholeRecord(file, { readonly: true }, async ({ record, config }) => {
    const keys = key.length > 0 ? key : [signingKeyOf(config)];
    const { checkpoints } = config.engine.log;
    const own = checkpoints === undefined || !existsSync(checkpoints) ? [] : await lastCheckpoints(checkpoints);
    const candidates = await keysOfLog(record);
    const result = await verifyRecord({ log: record, keys, candidates, kept: [...checkpoint, ...own], bodies });
    return 'kind' in result ? result : { ...result, root: base64(result.root) };
  });
}

async function ofFile(file: string, { key, checkpoint }: VerifyOptions): Promise<LogFault | Whole> {
  if (key.length === 0)
    throw new WrongUse('Name the log’s public key: --key KEY. A file cannot vouch for its own key.');
  if (!existsSync(file)) throw new WrongUse(`There is no file ${file}.`);
  if (!statSync(file).isFile()) throw new WrongUse(`${file} is no file.`);
  if (isProof(file)) return ofProof(readFileSync(file, 'utf8'), key, checkpoint);
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  const result = await verifyExport(lines, { keys: key, kept: checkpoint });
  if ('kind' in result) return result;
  const { header, root, ...figures } = result;
  return { ...figures, root: base64(root), exportedAt: header.at, ...(header.part && { part: header.part.of }) };
}

function isProof(file: string): boolean {
  const handle = openSync(file, 'r');
  const start = Buffer.alloc(TLOG_PROOF.length);
  readSync(handle, start, 0, start.length, 0);
  closeSync(handle);
  return start.toString('utf8') === TLOG_PROOF;
}

function ofProof(text: string, keys: readonly VerifierKey[], kept: readonly string[]): LogFault | Whole {
  const read = readTlogProof(text);
  if (read?.extra === undefined)
    return { kind: 'file-broken', what: 'This is no proof of an entry, or the entry is not in it.' };
  const { index, extra, proof } = read;
  const opened = openCheckpoint(read.checkpoint, keys);
  if ('flaw' in opened) {
    return { kind: 'checkpoint-not-signed', what: 'The proof’s checkpoint is not signed by a key that is trusted.' };
  }
  const unlike = notAfterKept(opened.checkpoint, kept, keys);
  if (unlike !== undefined) return unlike;
  const { size, root } = opened.checkpoint;
  if (!provesInclusion({ index, size, leaf: hashLeaf(extra), root, proof })) {
    return { kind: 'entry-changed', index, what: 'The entry is not the one that was sealed.' };
  }
  return { entries: 1, index, size, root: base64(root), entry: JSON.parse(Buffer.from(extra).toString('utf8')) };
}

function wholeText({ entries, ...figures }: Whole): string {
  const shown = Object.entries(figures)
    .filter(([, value]) => value !== undefined && value !== 0)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  return [`Whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}.`, ...shown].join('\n  ');
}

function faultText({ kind, what, index, lastIndex, seq, checkpoint, message, line }: LogFault): string {
  const range = lastIndex === undefined || lastIndex === index ? `${index}` : `${index} to ${lastIndex}`;
  const places = [
    ...(index === undefined ? [] : [`index ${range}`]),
    ...(seq === undefined ? [] : [`entry ${seq}`]),
    ...(checkpoint === undefined ? [] : [`checkpoint of ${checkpoint} entries`]),
    ...(message === undefined ? [] : [`message ${message}`]),
    ...(line === undefined ? [] : [`line ${line}`]),
  ];
  return `Not whole, from here on: ${places.join(', ')}\n  ${kind}: ${what}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
