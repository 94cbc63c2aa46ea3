-- Who wrote each entry besides who added it, changes that wait for a decision, and from what amount
-- on a second person is wanted.

alter table orgs drop column crc;
alter table orgs add column four_eyes_above_minor integer;
alter table orgs add column crc integer not null default 0;
update orgs set crc = row_checksum(id, name, fiscal_start_month, manager_days_back, operator_user,
    created_at, version, blind_count, variance_tolerance_minor, daily_gate, four_eyes_above_minor);

alter table entries drop column crc;
alter table entries add column co_authors blob not null default x''; -- ids, ascending
alter table entries add column flags integer not null default 0; -- 1: four eyes, 2: has a request
alter table entries add column crc integer not null default 0;
-- Whoever updated it joined its authors.
update entries set co_authors = coalesce((
    select cast(group_concat(user, '') as blob) from (
        select distinct event.user from finance_event_store event
        where event.org = entries.org and event.entity = entries.id
            and event.type in ('expense_updated', 'revenue_updated', 'transfer_updated')
            and event.user <> entries.created_by
        order by event.user)), x'')
    where version > 1;
update entries set crc = row_checksum(org, id, property, kind, number, business_date, amount_minor,
    currency, payment_mode, key, from_end, to_end, method, tax_minor, occurred_on, external_id,
    reversal, reverses, party, description, reference, status, status_before_delete, version,
    created_by, created_at, updated_by, updated_at, decided_by, decided_at, reason, co_authors,
    flags);

-- Each is of an entry that counts as it is meanwhile. What was decided or withdrawn is deleted.
-- With a foreign key to the entry, each change of an entry would look here.
create table change_requests (
    org           blob    not null references orgs (id),
    entry         blob    not null,
    property      blob    not null,
    kind          text    not null, -- of the entry
    change        text    not null,
    version       integer not null,
    business_date integer not null,
    amount_minor  integer not null,
    currency      text    not null,
    payment_mode  text    not null,
    key           text    not null,
    from_end      text    not null,
    to_end        text    not null,
    method        text    not null,
    tax_minor     integer not null,
    occurred_on   integer,
    external_id   text    not null,
    reversal      integer not null,
    reverses      blob,
    party         text,
    description   text,
    reference     text,
    reason        text,
    requested_by  blob    not null,
    requested_at  integer not null,
    crc           integer not null,
    primary key (org, entry)
) strict, without rowid;
create index change_requests_by_time on change_requests (org, property, requested_at, entry);
