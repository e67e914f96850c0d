-- title: A large object is missing
-- checks: large objects
-- where: restored
select lo_unlink((select body from shop.documents where id = 3));
