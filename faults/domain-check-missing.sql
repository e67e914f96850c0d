-- title: A domain lost its check
-- checks: schema
-- where: restored
alter domain shop.country drop constraint country_check;
