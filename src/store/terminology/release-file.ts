import Database from 'libsql';

/** What the file's layout is called: another number is another program's. */
export const LAYOUT = '1';

const TABLES = `
create table meta (name text primary key, value text not null) strict, without rowid;
create table part (name text primary key, bytes blob not null) strict;
create table refset (code text primary key, members blob not null) strict;
create table description (
  row integer primary key, concept integer not null, kind integer not null, rank integer not null, language text not null, term text not null
) strict;
create virtual table words using fts5 (term, content = '', detail = none);
create table association (concept integer not null, refset text not null, target text not null) strict;
create table attribute (concept integer not null, refset text not null, value text not null) strict;
create table mapped (concept integer not null, refset text not null, target text not null) strict;`;

const INDEXES = `
create index description_by_concept on description (concept);
create index association_by_concept on association (concept);
create index attribute_by_concept on attribute (concept);
create index mapped_by_concept on mapped (refset, concept);
create index mapped_by_target on mapped (refset, target);`;

/** Rows of one statement: writing them one by one takes four times as long. */
const BATCH = 100;

export interface DescriptionRow {
  readonly row: number;
  readonly concept: number;
  readonly kind: number;
  readonly rank: number;
  readonly language: string;
  readonly term: string;
  readonly folded: string;
}

/**
 * A release's file while it is made. Nothing is flushed on the way: until it is whole and renamed nobody reads it, and one
 * that was cut off is thrown away.
 */
export class ReleaseFile {
  readonly #database: Database.Database;
  readonly #descriptions: Batch;
  readonly #words: Batch;
  readonly #associations: Batch;
  readonly #attributes: Batch;
  readonly #mapped: Batch;

  constructor(path: string) {
    const database = new Database(path);
    database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;');
    database.exec(TABLES);
    database.exec('begin');
    this.#database = database;
    this.#descriptions = new Batch(database, 'description (row, concept, kind, rank, language, term)', 6);
    this.#words = new Batch(database, 'words (rowid, term)', 2);
    this.#associations = new Batch(database, 'association (concept, refset, target)', 3);
    this.#attributes = new Batch(database, 'attribute (concept, refset, value)', 3);
    this.#mapped = new Batch(database, 'mapped (concept, refset, target)', 3);
  }

  addDescription({ row, concept, kind, rank, language, term, folded }: DescriptionRow): void {
    this.#descriptions.add(row, concept, kind, rank, language, term);
    this.#words.add(row, folded);
  }

  endDescriptions(): void {
    this.#descriptions.end();
    this.#words.end();
  }

  addAssociation(row: { readonly concept: number; readonly refset: string; readonly target: string }): void {
    this.#associations.add(row.concept, row.refset, row.target);
  }

  addAttribute(row: { readonly concept: number; readonly refset: string; readonly value: string }): void {
    this.#attributes.add(row.concept, row.refset, row.value);
  }

  addMapped(row: { readonly concept: number; readonly refset: string; readonly target: string }): void {
    this.#mapped.add(row.concept, row.refset, row.target);
  }

  addPart(name: string, array: Uint8Array | Uint32Array): void {
    this.#insertBytes('insert into part (name, bytes) values (?, ?)', name, array);
  }

  addRefset(code: string, members: Uint32Array): void {
    this.#insertBytes('insert into refset (code, members) values (?, ?)', code, members);
  }

  /** Indexes and what is to be said about the release; then the file is whole and closed. */
  finish(meta: Readonly<Record<string, string>>): void {
    for (const batch of [this.#associations, this.#attributes, this.#mapped]) batch.end();
    this.#database.exec(INDEXES);
    const insert = this.#database.prepare('insert into meta (name, value) values (?, ?)');
    for (const [name, value] of Object.entries({ ...meta, layout: LAYOUT })) insert.run([name, value]);
    this.#database.exec('commit');
    this.close();
  }

  close(): void {
    this.#database.close();
  }

  #insertBytes(sql: string, name: string, array: Uint8Array | Uint32Array): void {
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
    this.#database.prepare(sql).run([name, bytes]);
  }
}

type Cell = string | number;

/** Rows of one table, written a hundred at a time. */
class Batch {
  readonly #database: Database.Database;
  readonly #into: string;
  readonly #width: number;
  readonly #full: Database.Statement;
  #cells: Cell[] = [];

  constructor(database: Database.Database, into: string, width: number) {
    this.#database = database;
    this.#into = into;
    this.#width = width;
    this.#full = this.#statement(BATCH);
  }

  add(...cells: Cell[]): void {
    for (const cell of cells) this.#cells.push(cell);
    if (this.#cells.length < BATCH * this.#width) return;
    this.#full.run(this.#cells);
    this.#cells = [];
  }

  end(): void {
    if (this.#cells.length > 0) this.#statement(this.#cells.length / this.#width).run(this.#cells);
    this.#cells = [];
  }

  #statement(rows: number): Database.Statement {
    const places = `(${Array(this.#width).fill('?').join(', ')})`;
    return this.#database.prepare(`insert into ${this.#into} values ${Array(rows).fill(places).join(', ')}`);
  }
}
