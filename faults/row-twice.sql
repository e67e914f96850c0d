-- title: One row came twice into a table without a key
-- checks: rows, hashes
-- where: restored
insert into shop.no_key select a, b from shop.no_key limit 1;
