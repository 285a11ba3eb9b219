/**
 * One listener of the MLLP benchmark, in a process of its own: `hearback` (listener, intake and record as the engine has them;
 * nothing works on what was taken) or `bare` (frames, and one flushed write a group). Prints its port.
 */
import { copyFileSync, fdatasync, mkdirSync, openSync, write, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { FrameDecoder, frame } from '../../src/adapters/hl7v2-mllp/framing.ts';
import { readSetup } from '../../src/cli/read-setup.ts';
import { diskIo } from '../../src/config/disk.ts';
import { openRoad } from '../../src/flow/index.ts';
import { machineClock, machineIds } from '../../src/ops/machine.ts';
import { wireMllpListeners } from '../../src/wire-mllp.ts';
import { openRecord } from '../../src/wire-record.ts';
import { roadParts } from '../../src/wire-road.ts';

const [kind = '', directory = ''] = process.argv.slice(2);
const SILENT = { info() {}, warn() {}, error: (event: string) => void process.stderr.write(`${event}\n`) };
const LONGEST = 1024 * 1024;

process.stdout.write(`${kind === 'bare' ? await bare() : await hearback()}\n`);
// Ends with its parent.
process.stdin.on('end', () => process.exit(0)).resume();

async function hearback(): Promise<number> {
  const project = join(import.meta.dirname, '../..');
  mkdirSync(join(directory, 'mappings'));
  copyFileSync(join(import.meta.dirname, 'mllp-report.map.yaml'), join(directory, 'mappings/mllp-report.map.yaml'));
  const neverSent =
    'mapping: never-sent\nversion: 1\nfrom: fhir/referral\nto: json\nresult: { referral: "{{ %referral }}" }\n';
  writeFileSync(join(directory, 'mappings/never-sent.map.yaml'), neverSent);
  const file = join(directory, 'hearback.yaml');
  writeFileSync(join(directory, 'platform.secret'), `whsec_${Buffer.alloc(32, 1).toString('base64')}`);
  writeFileSync(
    file,
    `engine: { store: "sqlite:./record.db", mappings: ./mappings, terminology: ${join(project, 'terminology')} }
partners:
- id: platform
  kind: vcse-platform
  organisation: { name: Platform }
  local: true
  inlets: [{ type: mllp, port: 0, mappings: { "ORU^R01": mllp-report } }]
  outlets: [{ type: webhook, url: "http://127.0.0.1:9", secrets: [{ file: platform.secret }], mappings: { referral: never-sent } }]
`,
  );
  const { setup, findings } = await readSetup(file, diskIo(process.env));
  if (setup === undefined) throw new Error(JSON.stringify(findings));
  const store = await openRecord(setup);
  const options = { worker: 'bench', alone: true, partners: [], leaseMs: 30_000, places: 1 };
  const road = openRoad(roadParts(setup, { store, log: SILENT }), options);
  const given = { intake: road, clock: machineClock, ids: machineIds, log: SILENT };
  const { addresses } = await wireMllpListeners(setup, given);
  return Number(addresses.get('platform')?.split(':').at(-1));
}

async function bare(): Promise<number> {
  const file = openSync(join(directory, 'group.log'), 'a');
  let group: { readonly socket: Socket; readonly bytes: Buffer }[] = [];
  let flushing = false;
  const flush = (): void => {
    if (flushing || group.length === 0) return;
    flushing = true;
    const now = group;
    group = [];
    write(file, Buffer.concat(now.map(({ bytes }) => bytes)), () =>
      fdatasync(file, () => {
        for (const { socket, bytes } of now) socket.write(frame(ackOf(bytes)));
        flushing = false;
        setImmediate(flush);
      }),
    );
  };
  const server = createServer({ noDelay: true }, (socket) => {
    const decoder = new FrameDecoder(LONGEST);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      for (const event of decoder.push(chunk)) if (event.kind === 'message') group.push({ socket, bytes: event.bytes });
      setImmediate(flush);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function ackOf(message: Buffer): Buffer {
  const id = message.toString('latin1', 0, 200).split('|')[9] ?? '';
  return Buffer.from(`MSH|^~\\&|B|B|P|P|20261121090000||ACK^R01^ACK|${id}|P|2.5.1\rMSA|AA|${id}\r`, 'latin1');
}
