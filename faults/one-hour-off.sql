-- title: Times of one table are shifted by an hour
-- checks: hashes
-- where: restored
set session_replication_role = replica;
update shop.stock set moved_at = moved_at + interval '1 hour' where product_id in (select product_id from shop.stock order by 1 limit 3);
