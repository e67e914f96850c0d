-- title: An exclusion constraint is missing
-- checks: schema
-- where: restored
alter table shop.bookings drop constraint bookings_room_during_excl;
