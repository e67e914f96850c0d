-- title: A price is off by 0.0001
-- checks: hashes
-- where: restored
update shop.products set price = price + 0.0001 where sku = 'SKU-7';
