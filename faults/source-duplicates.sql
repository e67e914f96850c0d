-- title: Two rows at the source have one unique value: its index is corrupt
-- says: duplicates under the unique index vehicles_plate_key
-- where: source
update pg_index set indisunique = false where indexrelid = 'shop.vehicles_plate_key'::regclass;
insert into shop.vehicles (plate) values ('A-1');
update pg_index set indisunique = true where indexrelid = 'shop.vehicles_plate_key'::regclass;
