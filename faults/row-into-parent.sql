-- title: A row of an inheriting table came back in its parent
-- checks: rows, hashes
-- where: restored
with gone as (delete from only shop.trucks returning id, plate, wheels) insert into shop.vehicles select * from gone;
