-- title: A publication is missing
-- checks: schema
-- where: restored
drop publication shop_changes;
