-- title: A sequence that no column owns began again
-- checks: sequences
-- where: restored
select setval('shop.invoice_numbers', 1000, false);
