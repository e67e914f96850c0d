-- title: An infinite date came back as a finite one
-- checks: hashes
-- where: restored
update shop.measurements set day = '2026-01-01' where ctid = (select ctid from shop.measurements where day = 'infinity' limit 1);
