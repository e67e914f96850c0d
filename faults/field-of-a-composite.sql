-- title: A field within a composite value changed
-- checks: hashes
-- where: restored
update shop.customers set home.city = 'City' where id = 7;
