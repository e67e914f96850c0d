-- title: A reader lost the right to one column
-- checks: schema
-- where: restored
revoke select (name) on shop.customers from "shop reader";
