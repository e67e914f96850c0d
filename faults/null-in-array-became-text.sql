-- title: A NULL in an array came back as the text NULL
-- checks: hashes
-- where: restored
update shop.products set colors = array[['red', 'NULL'], ['x3', 'NULL']] where sku = 'SKU-3';
