-- title: A text that ignores case came back in another case
-- checks: hashes
-- where: restored
update shop.customers set email = upper(email::text) where id = 6;
