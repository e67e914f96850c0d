-- title: 1.50 came back as 1.5, which compares as equal
-- checks: hashes
-- where: restored
update shop.measurements set exact = 1.5 where ctid = (select ctid from shop.measurements where exact::text = '1.50' limit 1);
