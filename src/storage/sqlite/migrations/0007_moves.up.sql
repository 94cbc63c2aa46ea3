-- Where an entry would go whose move was asked for, and who asked for a return is told of it. A
-- table that gets columns is given its checksum anew, as in 0003.

alter table change_requests drop column crc;
alter table change_requests add column to_property blob; -- none: as before, only its deletion waits
alter table change_requests add column crc integer not null default 0;
update change_requests set crc = row_checksum(org, entry, property, kind, change, version,
    business_date, amount_minor, currency, payment_mode, key, from_end, to_end, method, tax_minor,
    occurred_on, external_id, reversal, reverses, party, description, reference, reason,
    requested_by, requested_at, to_property);

insert or ignore into notifications
    select org, user, position, property, row_checksum(org, user, position, property)
    from (
        select event.org, asked.user, event.position, event.property
        from finance_event_store event
        join finance_event_store asked on asked.org = event.org and asked.entity = event.entity
            and asked.position = (
                select max(position) from finance_event_store before
                where before.org = event.org and before.entity = event.entity
                    and before.position < event.position)
        where event.type in ('expense_returned', 'revenue_returned', 'transfer_returned')
            and asked.type in ('expense_change_requested', 'revenue_change_requested',
                'transfer_change_requested')
            and event.user <> asked.user
    );
