-- title: A foreign key was not made
-- checks: schema
-- where: restored
alter table shop.order_lines drop constraint order_lines_product_id_fkey;
