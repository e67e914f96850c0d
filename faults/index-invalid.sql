-- title: An index is there, and invalid
-- checks: schema, validity
-- where: restored
update pg_index set indisvalid = false where indexrelid = 'shop.customers_recent'::regclass;
