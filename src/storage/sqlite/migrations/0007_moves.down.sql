-- Takes back 0007_moves.
alter table change_requests drop column crc;
alter table change_requests drop column to_property;
alter table change_requests add column crc integer not null default 0;
update change_requests set crc = row_checksum(org, entry, property, kind, change, version,
    business_date, amount_minor, currency, payment_mode, key, from_end, to_end, method, tax_minor,
    occurred_on, external_id, reversal, reverses, party, description, reference, reason,
    requested_by, requested_at);
delete from notifications where exists (
    select 1 from finance_event_store event
    join entries entry on entry.org = event.org and entry.id = event.entity
    where event.org = notifications.org and event.position = notifications.position
        and event.type in ('expense_returned', 'revenue_returned', 'transfer_returned')
        and entry.created_by <> notifications.user);
