-- title: Text was decoded in the wrong encoding
-- checks: hashes
-- where: restored
update shop.customers set preferences = replace(preferences::text, 'ä', 'Ã¤')::jsonb where id = 5;
