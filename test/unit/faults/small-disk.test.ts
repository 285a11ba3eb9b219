import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { mountSmallDisk } from '../../faults/servers/small-disk.ts';

const mounted = await mountSmallDisk().catch((fault: Error) => fault);
const why = mounted instanceof Error ? ` (no right to mount one: ${mounted.message})` : '';

(why ? describe.skip : describe)(`the disk that fault runs fill${why}`, () => {
  const disk = mounted instanceof Error ? undefined : mounted;
  const write = (name: string) => writeFileSync(join(disk?.directory ?? '', name), Buffer.alloc(1_000_000));
  afterAll(() => disk?.remove());

  it('takes nothing while it is filled, and as much as before afterwards', () => {
    disk?.fill();
    expect(() => write('record.db')).toThrow(/ENOSPC/);
    disk?.free();
    write('record.db');
  });

  it('is empty for the next run, whatever the last one left', () => {
    write('record.db-wal');
    disk?.clear();
    expect(readdirSync(disk?.directory ?? '')).toEqual([]);
  });
});
