-- title: A floating −0 came back as 0, which compares as equal
-- checks: hashes
-- where: restored
update shop.measurements set big = 0 where ctid = (select ctid from shop.measurements where big = 0 limit 1);
