-- What a real database may have beside all that the shop has: names, shapes and sizes that quoting, cutting and buffers go wrong with.
create schema "Über.Schema ""x""";
set search_path = "Über.Schema ""x""", public;
create extension "uuid-ossp" schema public;
create extension file_fdw schema public;
create type "Art.ä" as enum ('a"b', 'c''d', 'e,f', 'ü');
create table "Tab.elle 'ä' ""q""" (
  "Id.x" bigint generated always as identity primary key,
  "Größe ""q""" numeric,
  "$1" "Art.ä",
  "r" numeric generated always as ("Größe ""q""" * 2) stored,
  "UPPER" uuid default public.uuid_generate_v5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'x')
);
insert into "Tab.elle 'ä' ""q""" ("Größe ""q""", "$1") select i / 3.0, (enum_range(null::"Art.ä"))[1 + i % 4] from generate_series(1, 9000) i;
create sequence "Folge.ß ""1""" start 7;
select nextval('"Folge.ß ""1"""');
create unlogged sequence unlogged_numbers;
create table "WITH" ("from" integer, "Spalte.mit.Punkt" text, primary key ("from", "Spalte.mit.Punkt"));
insert into "WITH" select 1 + i % 2, 'x' || i from generate_series(1, 5000) i;

-- Partitions three deep, a leaf detached from the middle, one with its columns in another order.
create table deep (a integer not null, b text not null, c date) partition by range (a);
create table deep_1 partition of deep for values from (0) to (1000) partition by list (b);
create table "deep 1 x" partition of deep_1 for values in ('x', 'ü') partition by hash (a);
create table "deep 1 x 0" partition of "deep 1 x" for values with (modulus 2, remainder 0);
create table "deep 1 x 1" partition of "deep 1 x" for values with (modulus 2, remainder 1);
create table deep_1_rest (c date, b text not null, gone integer, a integer not null);
alter table deep_1_rest drop column gone;
alter table deep_1 attach partition deep_1_rest default;
create table deep_none partition of deep for values from (1000) to (2000);
create table deep_detached partition of deep for values from (2000) to (3000);
create index on deep (b, a);
insert into deep select i, (array['x', 'ü', 'other'])[1 + i % 3], date '2026-01-01' + i from generate_series(0, 999) i;
insert into deep values (2500, 'x', null);
alter table deep detach partition deep_detached;

create table only_dropped (a integer);
insert into only_dropped select generate_series(1, 5);
alter table only_dropped drop column a;
create table forced (id integer primary key, owner text);
alter table forced enable row level security;
alter table forced force row level security;
create policy nobody on forced using (false);
insert into forced values (1, 'x'), (2, 'y');
create table mother (m integer);
create table father (f integer);
create table child (c integer) inherits (mother, father);
insert into mother values (1);
insert into child values (1, 2, 3), (4, 5, 6);
create server files foreign data wrapper file_fdw;
create foreign table elsewhere (line text) server files options (filename '/nowhere');
create materialized view not_filled as select count(*) as n from "WITH" with no data;
create materialized view filled as select count(*) as n from "WITH";

-- Rows of megabytes, and large objects of several pieces: full to the brim of one, with a hole, empty.
create table wide (id integer primary key, body text, raw bytea);
alter table wide alter column body set storage external, alter column raw set storage external;
insert into wide select i, repeat(md5(i::text), 50000), decode(repeat(md5(i::text), 40000), 'hex') from generate_series(1, 4) i;
select lo_from_bytea(90001, decode(repeat(md5('a'), 65536), 'hex')), lo_from_bytea(90002, decode(repeat(md5('b'), 163840), 'hex')), lo_create(90003);
select lo_from_bytea(90004, 'x');
select lo_put(90004, 3000000, 'y');
