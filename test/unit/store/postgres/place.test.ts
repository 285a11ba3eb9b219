import { describe, expect, it } from '@jest/globals';
import { positional } from '../../../../src/store/postgres/named-parameters.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';

describe('the address of a database', () => {
  it('is read with what is percent-encoded in it', () => {
    expect(readPlace('postgres://en%40gine:p%2Fs%40s@db.example.org:6432/hear%20back')).toEqual({
      host: 'db.example.org',
      port: 6432,
      user: 'en@gine',
      password: 'p/s@s',
      database: 'hear back',
      schema: 'hearback',
    });
    expect(readPlace('postgresql://engine@[::1]/db', { schema: 'two' })).toMatchObject({
      host: '::1',
      port: 5432,
      schema: 'two',
    });
  });

  it('goes with TLS that checks the server’s name', () => {
    const { ssl } = readPlace('postgres://engine@db.example.org/db', { tls: { ca: 'PEM' } });
    expect(ssl).toMatchObject({
      rejectUnauthorized: true,
      servername: 'db.example.org',
      ca: 'PEM',
      minVersion: 'TLSv1.2',
    });
    expect(readPlace('postgres://engine@10.0.0.7/db', { tls: { serverName: 'db' } }).ssl).toMatchObject({
      servername: 'db',
    });
    expect(readPlace('postgres://engine@db.example.org/db').ssl).toBeUndefined();
  });

  it.each([
    'db.example.org',
    'mysql://engine:secret@db/x',
    'postgres://engine:secret@db',
    'postgres://db/x',
    'postgres://engine:secret@db/x?sslmode=disable',
  ])('that is none is refused and not repeated: %s', (address) => {
    expect(() => readPlace(address)).toThrow(expect.objectContaining({ code: 'not-openable' }));
    expect(() => readPlace(address)).not.toThrow('secret');
  });

  it('goes with no schema that would have to be quoted', () => {
    expect(() => readPlace('postgres://engine@db/x', { schema: 'a; drop table t' })).toThrow('schema');
  });
});

describe('values by name', () => {
  it('stand in the place of their names, each once, and casts are no names', () => {
    expect(positional('select :a::text, :b, :a', { a: 'x', b: 2 })).toEqual({
      text: 'select $1::text, $2, $1',
      values: ['x', 2],
    });
  });

  it('lose NUL and half a character, as everywhere in the record', () => {
    expect(positional('select :a', { a: 'x\0y\ud800z\u{1F600}' }).values).toEqual(['x\uFFFDy\uFFFDz\u{1F600}']);
  });

  it('of another kind are refused', () => {
    expect(() => positional('select :a', JSON.parse('{"a": true}'))).toThrow(
      expect.objectContaining({ code: 'misuse' }),
    );
    expect(() => positional('select :a', {})).toThrow(expect.objectContaining({ code: 'misuse' }));
  });
});
