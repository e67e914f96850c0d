-- title: A reader lost the right to read
-- checks: schema
-- where: restored
revoke select on shop.products from "shop reader";
