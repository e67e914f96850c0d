-- title: An enum has a label more
-- checks: schema
-- where: restored
alter type shop.order_state add value 'returned';
