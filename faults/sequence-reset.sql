-- title: A sequence of a key began again, so that the next insert collides
-- checks: sequences
-- where: restored
select setval(pg_get_serial_sequence('shop.orders', 'id'), 1, false);
