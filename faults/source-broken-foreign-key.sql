-- title: Rows at the source refer to a customer that does not exist
-- says: break the foreign key
-- where: source
set session_replication_role = replica;
delete from shop.customers where id = 1;
