-- The books: the event log, and the tables that are a fold of it; beside them credentials and
-- idempotency records.
--
-- Ids are 16 bytes, dates yyyymmdd, instants milliseconds since 1970, amounts minor units. A text
-- that was erased is null, one that was never there is ''. `crc` is the CRC-32C over the values of
-- the row in the order of its columns, checked on every read.
-- What sees many orgs has rowids, so that rows are appended; what is looked up and changed by its
-- key alone has none. Every index begins with the org (I8).

create table orgs (
    id                 blob    not null,
    name               text    not null,
    fiscal_start_month integer not null,
    manager_days_back  integer not null,
    operator_user      blob    not null,
    created_at         integer not null,
    version            integer not null,
    crc                integer not null
) strict;
create unique index orgs_by_id on orgs (id);

-- The end of each org's log. One row per org, changed by every commit: it makes positions dense.
create table heads (
    org      blob    not null primary key references orgs (id),
    position integer not null,
    hash     blob    not null,
    crc      integer not null
) strict, without rowid;

create table properties (
    org                 blob    not null references orgs (id),
    id                  blob    not null,
    name                text    not null,
    kind                text    not null,
    group_name          text    not null,
    currency            text    not null,
    zone                text    not null,
    cutoff_minutes      integer not null,
    clock_from          integer not null,
    next_zone           text,
    next_cutoff_minutes integer,
    next_clock_from     integer,
    fiscal_start_month  integer not null,
    books_start_on      integer not null,
    opening_cash_minor  integer not null,
    opening_bank_minor  integer not null,
    active              integer not null,
    version             integer not null,
    created_at          integer not null,
    crc                 integer not null
) strict;
create unique index properties_by_id on properties (org, id);
create unique index properties_by_name on properties (org, name);

create table counters (
    org            blob    not null,
    property       blob    not null,
    next_number    integer not null,
    turnover_minor integer not null,
    first_on       integer,
    crc            integer not null,
    primary key (org, property),
    foreign key (org, property) references properties (org, id)
) strict, without rowid;

create table categories (
    org         blob    not null references orgs (id),
    id          blob    not null,
    kind        text    not null,
    key         text    not null,
    name        text    not null,
    group_name  text    not null,
    active      integer not null,
    sort_order  integer not null,
    merged_into text    not null,
    version     integer not null,
    crc         integer not null
) strict;
create unique index categories_by_id on categories (org, id);
create unique index categories_by_key on categories (org, kind, key);

create table tokens (
    org              blob    not null references orgs (id),
    id               blob    not null,
    name             text    not null,
    user             blob    not null,
    role             text    not null,
    scope_all        integer not null,
    scope_properties blob    not null, -- ids one after the other, ascending
    expires_at       integer,
    revoked          integer not null,
    created_at       integer not null,
    version          integer not null,
    crc              integer not null
) strict;
create unique index tokens_by_id on tokens (org, id);

-- Side table: what a token's secret is known by. Never part of an event.
create table token_secrets (
    secret_hash blob    not null primary key,
    org         blob    not null,
    token       blob    not null,
    crc         integer not null,
    foreign key (org, token) references tokens (org, id)
) strict, without rowid;

-- The log. `bytes` is what was hashed and is never made again; the columns beside it are copies for
-- search. There is no index by user: that filter reads a bounded number of positions a page.
create table finance_event_store (
    org           blob    not null references orgs (id),
    position      integer not null,
    event_id      blob    not null,
    type          text    not null,
    property      blob,
    entity_type   text    not null,
    entity        blob    not null,
    user          blob    not null,
    recorded_at   integer not null,
    business_from integer,
    business_to   integer,
    bytes         text    not null,
    private       text,
    prev_hash     blob    not null,
    hash          blob    not null,
    crc           integer not null,
    foreign key (org, property) references properties (org, id)
) strict;
create unique index events_by_position on finance_event_store (org, position);
create unique index events_by_id on finance_event_store (org, event_id);
create index events_by_property on finance_event_store (org, property, position);
create index events_by_entity on finance_event_store (org, entity, position);
create index events_by_type on finance_event_store (org, type, position);
create index events_by_recorded on finance_event_store (org, recorded_at, position);

-- There is no index by amount: amounts arrive in no order, so that each new row would dirty a page
-- of its own. That sort reads the days that are asked for.
create table entries (
    org                  blob    not null,
    id                   blob    not null,
    property             blob    not null,
    kind                 text    not null,
    number               integer not null,
    business_date        integer not null,
    amount_minor         integer not null,
    currency             text    not null,
    payment_mode         text    not null,
    key                  text    not null,
    from_end             text    not null,
    to_end               text    not null,
    method               text    not null,
    tax_minor            integer not null,
    occurred_on          integer,
    external_id          text    not null,
    reversal             integer not null,
    reverses             blob,
    party                text,
    description          text,
    reference            text,
    status               text    not null,
    status_before_delete text    not null,
    version              integer not null,
    created_by           blob    not null,
    created_at           integer not null,
    updated_by           blob    not null,
    updated_at           integer not null,
    decided_by           blob,
    decided_at           integer,
    reason               text,
    crc                  integer not null,
    foreign key (org, property) references properties (org, id)
) strict;
create unique index entries_by_id on entries (org, id);
create unique index entries_by_external_id on entries (org, property, kind, external_id)
    where external_id <> '';
-- One index for a day's entries by number and for lists by date and id, which sort each day: every
-- index that begins with the property dirties two pages for each property in a batch.
create index entries_by_date on entries (org, property, business_date, number, id);
create index entries_by_recorded on entries (org, created_at, id, property);
create index entries_pending on entries (org, property, created_at, id) where status = 'pending';

-- How much of each entry its reversals take.
create table entry_reversals (
    org            blob    not null,
    entry          blob    not null,
    reversed_minor integer not null,
    crc            integer not null,
    primary key (org, entry),
    foreign key (org, entry) references entries (org, id)
) strict, without rowid;

create table cash_counts (
    org           blob    not null,
    id            blob    not null,
    property      blob    not null,
    account       text    not null,
    date          integer not null,
    counted_minor integer not null,
    denominations text    not null, -- '5000x3 2000x1': value in minor units, pieces
    note          text,
    counted_by    blob    not null,
    counted_at    integer not null,
    crc           integer not null,
    foreign key (org, property) references properties (org, id)
) strict;
create unique index cash_counts_by_id on cash_counts (org, id);
create index cash_counts_by_date on cash_counts (org, property, date, counted_at, id);

create table adjustments (
    org          blob    not null,
    id           blob    not null,
    property     blob    not null,
    account      text    not null,
    date         integer not null,
    kind         text    not null,
    amount_minor integer not null,
    reason       text,
    posted_by    blob    not null,
    posted_at    integer not null,
    crc          integer not null,
    foreign key (org, property) references properties (org, id)
) strict;
create unique index adjustments_by_id on adjustments (org, id);
create index adjustments_by_date on adjustments (org, property, date, posted_at, id);

-- `period` is a day (20260329), a month (202603) or a year (2026): three ranges of one key.
create table day_totals (
    org                blob    not null,
    property           blob    not null,
    period             integer not null,
    account            text    not null,
    in_minor           integer not null,
    out_minor          integer not null,
    transfer_in_minor  integer not null,
    transfer_out_minor integer not null,
    correction_minor   integer not null,
    over_short_minor   integer not null,
    crc                integer not null,
    primary key (org, property, period, account),
    foreign key (org, property) references properties (org, id)
) strict, without rowid;

create table day_categories (
    org          blob    not null,
    property     blob    not null,
    period       integer not null,
    kind         text    not null,
    key          text    not null,
    amount_minor integer not null,
    entry_count  integer not null,
    crc          integer not null,
    primary key (org, property, period, kind, key),
    foreign key (org, property) references properties (org, id)
) strict, without rowid;

create table day_pending (
    org            blob    not null,
    property       blob    not null,
    period         integer not null,
    kind           text    not null,
    amount_minor   integer not null,
    entry_count    integer not null,
    cash_net_minor integer not null,
    bank_net_minor integer not null,
    crc            integer not null,
    primary key (org, property, period, kind),
    foreign key (org, property) references properties (org, id)
) strict, without rowid;

-- Side tables: what repeated requests are known by. One table per day of four, emptied when its day
-- comes round again, so that nothing is ever made or dropped on the write path.
create table idempotency_0 (
    org            blob    not null,
    key            blob    not null,
    request        blob    not null,
    first_position integer not null,
    event_count    integer not null,
    items          blob    not null, -- 32-bit integers, low byte first
    recorded_at    integer not null,
    crc            integer not null,
    primary key (org, key)
) strict, without rowid;
create table idempotency_1 (
    org            blob    not null,
    key            blob    not null,
    request        blob    not null,
    first_position integer not null,
    event_count    integer not null,
    items          blob    not null,
    recorded_at    integer not null,
    crc            integer not null,
    primary key (org, key)
) strict, without rowid;
create table idempotency_2 (
    org            blob    not null,
    key            blob    not null,
    request        blob    not null,
    first_position integer not null,
    event_count    integer not null,
    items          blob    not null,
    recorded_at    integer not null,
    crc            integer not null,
    primary key (org, key)
) strict, without rowid;
create table idempotency_3 (
    org            blob    not null,
    key            blob    not null,
    request        blob    not null,
    first_position integer not null,
    event_count    integer not null,
    items          blob    not null,
    recorded_at    integer not null,
    crc            integer not null,
    primary key (org, key)
) strict, without rowid;
