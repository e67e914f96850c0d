-- title: Two rows at the source have one unique value: its index is corrupt
-- checks: unique
-- where: source
update pg_index set indisunique = false where indexrelid = 'shop.vehicles_plate_key'::regclass;
insert into shop.vehicles (plate) values ('A-1');
update pg_index set indisunique = true where indexrelid = 'shop.vehicles_plate_key'::regclass;
