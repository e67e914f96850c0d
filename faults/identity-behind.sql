-- title: An identity's sequence is one behind its column
-- checks: sequences
-- where: restored
select setval(pg_get_serial_sequence('shop.events', 'id'), (select max(id) - 1 from shop.events));
