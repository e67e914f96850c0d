-- title: One row is gone
-- checks: rows, hashes
-- where: restored
delete from shop.order_lines where (order_id, line) = (select order_id, line from shop.order_lines order by order_id, line offset 40 limit 1);
