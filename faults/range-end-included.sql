-- title: A range came back with its end included
-- checks: hashes
-- where: restored
update shop.products set validity = tstzrange(lower(validity), upper(validity), '[]') where sku = 'SKU-4';
