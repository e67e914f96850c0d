-- title: A double lost its last digit
-- checks: hashes
-- where: restored
update shop.measurements set big = big + 4.5e-16 where ctid = (select ctid from shop.measurements where big > 2 and big < 3 limit 1);
