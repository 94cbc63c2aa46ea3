-- The schema of a shared database: the same tables, columns and checksums as SQLite's after its
-- migration 0007, so that rows move between the two as they are. Here: books, log, credentials of
-- tokens, idempotency records.
--
-- Ids are 16 bytes, dates yyyymmdd, instants milliseconds since 1970, amounts minor units. A text
-- that was erased is null, one that was never there is ''. `crc` is the CRC-32C over the values of
-- the row in the order of its columns, checked on every read. Texts compare by their bytes,
-- whatever the database's own collation.
-- Every key and index begins with the org (I8), and tables that grow are in eight partitions by its
-- hash.

create table orgs (
    id                       bytea            not null,
    name                     text collate "C" not null,
    fiscal_start_month       bigint           not null,
    manager_days_back        bigint           not null,
    operator_user            bytea            not null,
    created_at               bigint           not null,
    version                  bigint           not null,
    blind_count              bigint           not null,
    variance_tolerance_minor bigint,
    daily_gate               bigint           not null,
    four_eyes_above_minor    bigint,
    crc                      bigint           not null
);
create unique index orgs_by_id on orgs (id);

-- The end of each org's log. One row per org, changed by every commit: it makes positions dense.
create table heads (
    org      bytea            not null,
    position bigint           not null,
    hash     bytea            not null,
    crc      bigint           not null,
    primary key (org),
    foreign key (org) references orgs (id)
) with (fillfactor = 50);

create table properties (
    org                 bytea            not null,
    id                  bytea            not null,
    name                text collate "C" not null,
    kind                text collate "C" not null,
    group_name          text collate "C" not null,
    currency            text collate "C" not null,
    zone                text collate "C" not null,
    cutoff_minutes      bigint           not null,
    clock_from          bigint           not null,
    next_zone           text collate "C",
    next_cutoff_minutes bigint,
    next_clock_from     bigint,
    fiscal_start_month  bigint           not null,
    books_start_on      bigint           not null,
    opening_cash_minor  bigint           not null,
    opening_bank_minor  bigint           not null,
    active              bigint           not null,
    version             bigint           not null,
    created_at          bigint           not null,
    crc                 bigint           not null,
    foreign key (org) references orgs (id)
);
create unique index properties_by_id on properties (org, id);
create unique index properties_by_name on properties (org, name);

create table counters (
    org            bytea            not null,
    property       bytea            not null,
    next_number    bigint           not null,
    turnover_minor bigint           not null,
    first_on       bigint,
    closed_through bigint,
    closings       bigint           not null,
    crc            bigint           not null,
    primary key (org, property),
    foreign key (org, property) references properties (org, id)
) with (fillfactor = 50);

create table categories (
    org         bytea            not null,
    id          bytea            not null,
    kind        text collate "C" not null,
    key         text collate "C" not null,
    name        text collate "C" not null,
    group_name  text collate "C" not null,
    active      bigint           not null,
    sort_order  bigint           not null,
    merged_into text collate "C" not null,
    version     bigint           not null,
    crc         bigint           not null,
    foreign key (org) references orgs (id)
);
create unique index categories_by_id on categories (org, id);
create unique index categories_by_key on categories (org, kind, key);

create table tokens (
    org              bytea            not null,
    id               bytea            not null,
    name             text collate "C" not null,
    "user"           bytea            not null,
    role             text collate "C" not null,
    flags            bigint           not null,
    scope_properties bytea            not null, -- ids one after the other, ascending
    expires_at       bigint,
    revoked          bigint           not null,
    created_at       bigint           not null,
    version          bigint           not null,
    crc              bigint           not null,
    foreign key (org) references orgs (id)
);
create unique index tokens_by_id on tokens (org, id);

-- Side table: what a token's secret is known by. Never part of an event.
create table token_secrets (
    secret_hash bytea            not null,
    org         bytea            not null,
    token       bytea            not null,
    crc         bigint           not null,
    primary key (secret_hash),
    foreign key (org, token) references tokens (org, id)
);

-- The log. `bytes` is what was hashed and is never made again; the columns beside it are copies for
-- search. There is no index by user: that filter reads a bounded number of positions a page.
create table finance_event_store (
    org           bytea            not null,
    position      bigint           not null,
    event_id      bytea            not null,
    type          text collate "C" not null,
    property      bytea,
    entity_type   text collate "C" not null,
    entity        bytea            not null,
    "user"        bytea            not null,
    recorded_at   bigint           not null,
    business_from bigint,
    business_to   bigint,
    bytes         text collate "C" not null,
    private       text collate "C",
    prev_hash     bytea            not null,
    hash          bytea            not null,
    crc           bigint           not null,
    foreign key (org, property) references properties (org, id),
    foreign key (org) references orgs (id)
) partition by hash (org);
create unique index events_by_position on finance_event_store (org, position);
create unique index events_by_id on finance_event_store (org, event_id);
create index events_by_property on finance_event_store (org, property, position);
create index events_by_entity on finance_event_store (org, entity, position);
create index events_by_type on finance_event_store (org, type, position);
create index events_by_recorded on finance_event_store (org, recorded_at, position);

-- There is no index by amount: amounts arrive in no order, so that each new row would dirty a page
-- of its own. That sort reads the days that are asked for.
create table entries (
    org                  bytea            not null,
    id                   bytea            not null,
    property             bytea            not null,
    kind                 text collate "C" not null,
    number               bigint           not null,
    business_date        bigint           not null,
    amount_minor         bigint           not null,
    currency             text collate "C" not null,
    payment_mode         text collate "C" not null,
    key                  text collate "C" not null,
    from_end             text collate "C" not null,
    to_end               text collate "C" not null,
    method               text collate "C" not null,
    tax_minor            bigint           not null,
    occurred_on          bigint,
    external_id          text collate "C" not null,
    reversal             bigint           not null,
    reverses             bytea,
    party                text collate "C",
    description          text collate "C",
    reference            text collate "C",
    status               text collate "C" not null,
    status_before_delete text collate "C" not null,
    version              bigint           not null,
    created_by           bytea            not null,
    created_at           bigint           not null,
    updated_by           bytea            not null,
    updated_at           bigint           not null,
    decided_by           bytea,
    decided_at           bigint,
    reason               text collate "C",
    co_authors           bytea            not null, -- ids, ascending
    flags                bigint           not null, -- 1: four eyes, 2: has a request
    crc                  bigint           not null,
    foreign key (org, property) references properties (org, id)
) partition by hash (org);
create unique index entries_by_id on entries (org, id);
create unique index entries_by_external_id on entries (org, property, kind, external_id)
    where external_id <> '';
create index entries_by_date on entries (org, property, business_date, number, id);
create index entries_by_recorded on entries (org, created_at, id, property);
create index entries_pending on entries (org, property, created_at, id)
    where status = 'pending';

-- How much of each entry its reversals take.
create table entry_reversals (
    org            bytea            not null,
    entry          bytea            not null,
    reversed_minor bigint           not null,
    crc            bigint           not null,
    primary key (org, entry),
    foreign key (org, entry) references entries (org, id)
) partition by hash (org);

create table cash_counts (
    org           bytea            not null,
    id            bytea            not null,
    property      bytea            not null,
    account       text collate "C" not null,
    date          bigint           not null,
    counted_minor bigint           not null,
    denominations text collate "C" not null, -- '5000x3 2000x1': value in minor units, pieces
    note          text collate "C",
    counted_by    bytea            not null,
    counted_at    bigint           not null,
    basis_minor   bigint,
    crc           bigint           not null,
    foreign key (org, property) references properties (org, id)
) partition by hash (org);
create unique index cash_counts_by_id on cash_counts (org, id);
create index cash_counts_by_date on cash_counts (org, property, date, counted_at, id);

create table adjustments (
    org          bytea            not null,
    id           bytea            not null,
    property     bytea            not null,
    account      text collate "C" not null,
    date         bigint           not null,
    kind         text collate "C" not null,
    amount_minor bigint           not null,
    reason       text collate "C",
    posted_by    bytea            not null,
    posted_at    bigint           not null,
    crc          bigint           not null,
    foreign key (org, property) references properties (org, id)
) partition by hash (org);
create unique index adjustments_by_id on adjustments (org, id);
create index adjustments_by_date on adjustments (org, property, date, posted_at, id);

-- `period` is a day (20260329), a month (202603) or a year (2026): three ranges of one key.
create table day_totals (
    org                bytea            not null,
    property           bytea            not null,
    period             bigint           not null,
    account            text collate "C" not null,
    in_minor           bigint           not null,
    out_minor          bigint           not null,
    transfer_in_minor  bigint           not null,
    transfer_out_minor bigint           not null,
    correction_minor   bigint           not null,
    over_short_minor   bigint           not null,
    crc                bigint           not null,
    primary key (org, property, period, account),
    foreign key (org, property) references properties (org, id)
) partition by hash (org);

create table day_categories (
    org          bytea            not null,
    property     bytea            not null,
    period       bigint           not null,
    kind         text collate "C" not null,
    key          text collate "C" not null,
    amount_minor bigint           not null,
    entry_count  bigint           not null,
    crc          bigint           not null,
    primary key (org, property, period, kind, key),
    foreign key (org, property) references properties (org, id)
) partition by hash (org);

create table day_pending (
    org            bytea            not null,
    property       bytea            not null,
    period         bigint           not null,
    kind           text collate "C" not null,
    amount_minor   bigint           not null,
    entry_count    bigint           not null,
    cash_net_minor bigint           not null,
    bank_net_minor bigint           not null,
    crc            bigint           not null,
    primary key (org, property, period, kind),
    foreign key (org, property) references properties (org, id)
) partition by hash (org);

-- Side tables: what repeated requests are known by. One table per day of four, emptied when its day
-- comes round again, so that nothing is ever made or dropped on the write path.
create table idempotency_0 (
    org            bytea            not null,
    key            bytea            not null,
    request        bytea            not null,
    first_position bigint           not null,
    event_count    bigint           not null,
    items          bytea            not null, -- 32-bit integers, low byte first
    recorded_at    bigint           not null,
    crc            bigint           not null,
    primary key (org, key)
) partition by hash (org);

create table idempotency_1 (
    org            bytea            not null,
    key            bytea            not null,
    request        bytea            not null,
    first_position bigint           not null,
    event_count    bigint           not null,
    items          bytea            not null,
    recorded_at    bigint           not null,
    crc            bigint           not null,
    primary key (org, key)
) partition by hash (org);

create table idempotency_2 (
    org            bytea            not null,
    key            bytea            not null,
    request        bytea            not null,
    first_position bigint           not null,
    event_count    bigint           not null,
    items          bytea            not null,
    recorded_at    bigint           not null,
    crc            bigint           not null,
    primary key (org, key)
) partition by hash (org);

create table idempotency_3 (
    org            bytea            not null,
    key            bytea            not null,
    request        bytea            not null,
    first_position bigint           not null,
    event_count    bigint           not null,
    items          bytea            not null,
    recorded_at    bigint           not null,
    crc            bigint           not null,
    primary key (org, key)
) partition by hash (org);

-- Numbers that are changed again and again leave room in their pages, so that a change touches no
-- index.
do $$
declare
    grows text;
begin
    foreach grows in array array[
        'finance_event_store', 'entries', 'entry_reversals', 'cash_counts',
        'adjustments', 'day_totals', 'day_categories', 'day_pending',
        'idempotency_0', 'idempotency_1', 'idempotency_2', 'idempotency_3']
    loop
        for remainder in 0..7 loop
            execute format(
                'create table %I partition of %I for values with (modulus 8, remainder %s) %s',
                grows || '_p' || remainder, grows, remainder,
                case when grows like 'day\_%' then 'with (fillfactor = 80)' else '' end);
        end loop;
    end loop;
end
$$;
