import { describe, expect, it } from '@jest/globals';
import { openCheckpoint, readCheckpoint, signCheckpoint } from '../../../../src/core/seal/checkpoint.ts';
import { emptyRoot } from '../../../../src/core/seal/hash-tree.ts';
import {
  publicText,
  readSigningKey,
  readVerifierKey,
  type SigningKey,
  secretText,
  type VerifierKey,
} from '../../../../src/core/seal/note-key.ts';
import { readNote, signersOf, signNote } from '../../../../src/core/seal/signed-note.ts';
import { readTlogProof, writeTlogProof } from '../../../../src/core/seal/tlog-proof.ts';

/** The keys and the note of golang.org/x/mod/sumdb/note, which describe the form. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETERS_SECRET = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

function key(text: string): VerifierKey {
  const read = readVerifierKey(text);
  if (read === undefined) throw new Error('this is a key');
  return read;
}

function secret(text: string): SigningKey {
  const read = readSigningKey(text);
  if (read === undefined) throw new Error('this is a signing key');
  return read;
}

const seeded = (name: string, byte: number) => secret(secretText(name, new Uint8Array(32).fill(byte)));

describe('a signed note, with the published keys', () => {
  it('reads the keys, and gives the public one of the secret one', () => {
    expect(key(PETER).id).toBe('c74f20a3');
    expect(key(ENOCH).name).toBe('EnochRoot');
    expect(publicText(secret(PETERS_SECRET))).toBe(PETER);
    expect(publicText(key(ENOCH))).toBe(ENOCH);
  });

  it('takes no key that is cut, longer, or of another id or kind', () => {
    for (let end = 1; end < PETER.length; end += 1) expect(readVerifierKey(PETER.slice(0, end))).toBeUndefined();
    for (const wrong of [
      PETER.replace('c74f20a3', 'c74f20a4'),
      PETER.replace('Peter', 'peter'),
      `${PETER}AAAA`,
      'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
      PETERS_SECRET,
    ]) {
      expect(readVerifierKey(wrong)).toBeUndefined();
    }
    expect(readSigningKey(PETER)).toBeUndefined();
    expect(readSigningKey(PETERS_SECRET.replace('c74f20a3', 'c74f20a4'))).toBeUndefined();
  });

  it('signs as the published note is signed, and checks it', () => {
    expect(signNote(TEXT, [secret(PETERS_SECRET)])).toBe(`${TEXT}\n${SIGNATURE}`);
    const note = readNote(`${TEXT}\n${SIGNATURE}`);
    if (note === undefined) throw new Error('this is a note');
    expect(note.text).toBe(TEXT);
    expect(signersOf(note, [key(PETER), key(ENOCH)])).toEqual({
      by: [expect.objectContaining({ name: 'PeterNeumann' })],
      broken: false,
    });
    expect(signersOf(note, [key(ENOCH)])).toEqual({ by: [], broken: false });
  });

  it('is broken when the text or a signature of a known key is another', () => {
    const changed = readNote(`${TEXT.replace('answer', 'Answer')}\n${SIGNATURE}`);
    if (changed === undefined) throw new Error('this is a note');
    expect(signersOf(changed, [key(PETER)])).toEqual({ by: [], broken: true });
  });

  it.each([
    ['no signatures', `${TEXT}\n`],
    ['no blank line', `${TEXT}${SIGNATURE}`],
    ['no line end', `${TEXT}\n${SIGNATURE.trim()}`],
    ['a hyphen for the dash', `${TEXT}\n${SIGNATURE.replace('—', '-')}`],
    ['a control character', `${TEXT.replace('you', 'y\tu')}\n${SIGNATURE}`],
    ['base64 that is written otherwise', `${TEXT}\n${SIGNATURE.replace('nAM=', 'nAN=')}`],
  ])('is none with %s', (_what, text) => {
    expect(readNote(text)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  const origin = 'example.org/log';
  const [old, fresh, witness] = [seeded(origin, 1), seeded(origin, 2), seeded('witness.example', 3)];
  const head = { origin, size: 3, root: emptyRoot() };

  it('is believed by either of its keys, and says by which', () => {
    const note = signCheckpoint(head, [old, fresh]);
    for (const signer of [old, fresh]) {
      expect(openCheckpoint(note, [signer])).toEqual({
        checkpoint: { ...head, root: expect.anything() },
        by: [expect.objectContaining({ id: signer.id })],
      });
    }
    expect(note.split('\n').slice(0, 3)).toEqual([origin, '3', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=']);
  });

  it('is not believed without its key, nor when a given key did not sign this text, nor as another log', () => {
    const note = signCheckpoint(head, [old]);
    expect(openCheckpoint(note, [fresh])).toEqual({ flaw: 'unknown-key' });
    expect(openCheckpoint(note.replace('\n3\n', '\n4\n'), [old])).toEqual({ flaw: 'bad-signature' });
    expect(openCheckpoint(signCheckpoint(head, [witness]), [witness])).toEqual({ flaw: 'other-log' });
    const mixed = signCheckpoint(head, [old, fresh]).replace(
      /\n— example\.org\/log (\S{6})(\S)/,
      (_, id, first) => `\n— example.org/log ${id}${first === 'A' ? 'B' : 'A'}`,
    );
    expect(openCheckpoint(mixed, [old, fresh])).toEqual({ flaw: 'bad-signature' });
  });

  it.each([
    ['no number', '03'],
    ['a sign', '-3'],
    ['more than is exact', '9999999999999999'],
  ])('is malformed with %s for its size', (_what, size) => {
    const note = signNote(`${origin}\n${size}\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`, [old]);
    expect(openCheckpoint(note, [old])).toEqual({ flaw: 'malformed' });
  });

  it('passes over lines that somebody added, where they are signed', () => {
    const note = signNote(`${origin}\n3\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n`, [old]);
    expect(openCheckpoint(note, [old])).toMatchObject({ checkpoint: { size: 3 } });
    expect(readCheckpoint(note)?.size).toBe(3);
  });

  it('goes into a proof file and comes out of it', () => {
    const checkpoint = signCheckpoint(head, [old]);
    const proof = { extra: Buffer.from('{"seq":1}'), index: 1, proof: [emptyRoot(), emptyRoot()], checkpoint };
    const text = writeTlogProof(proof);
    expect(text.startsWith('c2sp.org/tlog-proof@v1\nextra eyJzZXEiOjF9\nindex 1\n')).toBe(true);
    const read = readTlogProof(text);
    expect(read).toMatchObject({ index: 1, checkpoint });
    expect(Buffer.from(read?.extra ?? []).toString()).toBe('{"seq":1}');
    expect(read?.proof.map((hash) => hash.length)).toEqual([32, 32]);
    const { extra: _extra, ...bare } = proof;
    expect(readTlogProof(writeTlogProof(bare))).toMatchObject({ index: 1, checkpoint });
    expect(readTlogProof(text.replace('index 1', 'index 01'))).toBeUndefined();
    expect(readTlogProof(text.replace('@v1', '@v2'))).toBeUndefined();
  });
});
