-- title: A descending sequence began again
-- checks: sequences
-- where: restored
select setval('shop.countdown', -1, false);
