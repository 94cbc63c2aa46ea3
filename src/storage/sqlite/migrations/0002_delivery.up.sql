-- Webhooks, and what delivery keeps between two starts.

create table webhooks (
    org        blob    not null references orgs (id),
    id         blob    not null,
    url        text,             -- null where it was erased
    types      text    not null, -- names, with spaces between; empty: all
    properties blob    not null, -- ids, 16 bytes each; empty: all
    active     integer not null,
    alerts     integer not null,
    deleted    integer not null,
    made_by    blob    not null,
    made_via   text    not null,
    made_token blob    not null, -- zeros where it was no token
    created_at integer not null,
    version    integer not null,
    crc        integer not null
) strict;
create unique index webhooks_by_id on webhooks (org, id);

-- Side table: what their requests are signed with. Never part of an event.
create table webhook_secrets (
    org     blob    not null,
    webhook blob    not null,
    secret  blob    not null,
    crc     integer not null,
    primary key (org, webhook)
) strict, without rowid;

-- Side table: the last attempts of each webhook.
create table webhook_attempts (
    org         blob    not null,
    webhook     blob    not null,
    number      integer not null, -- per webhook, ascending
    event_id    blob    not null,
    position    integer not null,
    attempt     integer not null,
    at          integer not null,
    duration_ms integer not null,
    status      integer not null, -- of HTTP; 0 without an answer
    error       text    not null,
    crc         integer not null,
    primary key (org, webhook, number)
) strict, without rowid;

-- Side table: where each subscription is in the log.
create table deliveries (
    org          blob    not null,
    subscription text    not null,
    generation   integer not null,
    watermark    integer not null,
    ranges       blob    not null, -- pairs of 64-bit integers, low byte first
    paused       integer not null,
    reason       text    not null,
    saved_at     integer not null,
    crc          integer not null,
    primary key (org, subscription)
) strict, without rowid;

-- Side table: what it gave up on.
create table dead_letters (
    org          blob    not null,
    id           blob    not null,
    subscription text    not null,
    position     integer not null,
    event_id     blob    not null,
    event_type   text    not null,
    entity_type  text    not null,
    entity       blob    not null,
    property     blob,
    attempts     integer not null,
    first_at     integer not null,
    last_at      integer not null,
    last_error   text    not null,
    redriving    integer not null,
    crc          integer not null,
    primary key (org, id)
) strict, without rowid;
create index dead_letters_by_subscription on dead_letters (org, subscription, id);
