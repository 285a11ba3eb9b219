import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { closingAfterEach } from '../../../fixtures/closing.ts';
import { asking, describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

await describeOnPostgres('a record whose user may not all that it must', (server) => {
  const closing = closingAfterEach();

  /** A database of an administrator, and a user of no rank in it, who is gone with the test. */
  async function withUser() {
    const address = await server.database();
    const user = `hearback_test_role_${process.pid}_${randomBytes(3).toString('hex')}`;
    const admin = (sql: string) => asking(address, sql);
    await admin(`create role ${user} login password 'for-this-test'`);
    closing({
      close: async () => {
        await admin(`drop owned by ${user} cascade`);
        await admin(`drop role ${user}`);
      },
    });
    const url = new URL(address);
    url.username = user;
    url.password = 'for-this-test';
    const place = readPlace(url.href);
    const why = async (how: { readonly readonly?: true } = {}) => {
      const opened = await openPostgresStore({ place, ...how }).catch((fault: Error) => fault);
      if (opened instanceof Error) return opened;
      await opened.close();
      return undefined;
    };
    return { user, admin, why, asAdmin: readPlace(address) };
  }
  const notOpenable = (...words: string[]) =>
    expect.objectContaining({
      code: 'not-openable',
      message: expect.stringMatching(new RegExp(words.map((word) => word).join('.*'), 's')),
    });

  it('says that the schema is not there and cannot be made, and what an administrator grants', async () => {
    const { admin, why, user } = await withUser();
    const wanted = notOpenable(
      'there is no schema hearback',
      'may not make one',
      `create schema hearback authorization`,
    );
    expect(await why()).toEqual(wanted);
    await admin(`create schema hearback authorization ${user}`);
    expect(await why()).toBeUndefined();
    expect(await why({ readonly: true })).toBeUndefined();
  });

  it('says that the schema is there and may not be used, also to whoever only looks', async () => {
    const { admin, why, asAdmin, user } = await withUser();
    await (await openPostgresStore({ place: asAdmin })).close();
    for (const how of [{}, { readonly: true }] as const) {
      expect(await why(how)).toEqual(notOpenable('may not use the schema hearback', 'grant usage'));
    }
    await admin(`grant usage on schema hearback to ${user}`);
    for (const how of [{}, { readonly: true }] as const) {
      expect(await why(how)).toEqual(notOpenable('belong to another owner', '--no-owner --role'));
    }
  });

  it('says that nothing may be made in an empty schema', async () => {
    const { admin, why, user } = await withUser();
    await admin('create schema hearback');
    await admin(`grant usage on schema hearback to ${user}`);
    expect(await why()).toEqual(notOpenable('may make nothing in the schema hearback', 'grant usage, create'));
    await admin(`grant create on schema hearback to ${user}`);
    expect(await why()).toBeUndefined();
  });

  it('opens a record that was given to it with all rights, as a restore by another owner does', async () => {
    const { admin, why, asAdmin, user } = await withUser();
    await (await openPostgresStore({ place: asAdmin })).close();
    await admin(`grant usage on schema hearback to ${user}`);
    await admin(`grant all on all tables in schema hearback to ${user}`);
    await admin(`grant all on all sequences in schema hearback to ${user}`);
    expect(await why()).toBeUndefined();
  });

  it('says of a server without TLS what is to be done', async () => {
    const { asAdmin } = await withUser();
    for (const how of [{}, { readonly: true }] as const) {
      const opening = openPostgresStore({ place: { ...asAdmin, ssl: { rejectUnauthorized: true } }, ...how });
      await expect(opening).rejects.toEqual(notOpenable('does not speak TLS', 'local: true', '--local'));
    }
  });
});
