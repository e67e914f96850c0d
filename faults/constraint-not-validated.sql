-- title: A foreign key is there, and not validated
-- checks: validity
-- where: restored
update pg_constraint set convalidated = false where conname = 'orders_customer_id_fkey' and conrelid = 'shop.orders_2025'::regclass;
