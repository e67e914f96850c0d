-- title: An empty table has a row
-- checks: rows, hashes
-- where: restored
insert into shop.empty (id, word) values (99, 'x');
