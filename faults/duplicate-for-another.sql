-- title: Of three rows x, x, y one x became y: counts agree, and so would an exclusive-or of hashes of pairs
-- checks: hashes
-- where: restored
update shop.no_key set b = (b + 1) % 3 where ctid = (select min(ctid) from shop.no_key);
