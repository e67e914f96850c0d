-- title: A row security policy is missing
-- checks: schema
-- where: restored
drop policy own_notes on shop.private_notes;
