-- title: A large object has another byte
-- checks: large objects
-- where: restored
select lo_put((select body from shop.documents where id = 4), 2, '\x00');
