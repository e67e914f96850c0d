-- title: A materialized view was not filled
-- checks: validity
-- where: restored
refresh materialized view shop.sales_by_day with no data;
