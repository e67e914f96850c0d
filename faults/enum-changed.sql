-- title: One order has another state
-- checks: hashes
-- where: restored
update shop.orders_2025 set state = case state when 'paid' then 'placed'::shop.order_state else 'paid' end where id = (select min(id) from shop.orders_2025);
