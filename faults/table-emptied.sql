-- title: A table came back empty
-- checks: rows, hashes
-- where: restored
truncate shop.order_lines;
