-- title: The newest events are missing
-- checks: rows, hashes, freshness
-- where: restored
delete from shop.events where id > (select max(id) - 20 from shop.events);
