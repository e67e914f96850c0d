-- title: A table is missing
-- checks: schema, tables
-- where: restored
drop table shop.no_key;
