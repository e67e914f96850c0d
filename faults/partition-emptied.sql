-- title: One leaf partition came back empty
-- checks: rows, hashes
-- where: restored
truncate shop.orders_2026_b;
