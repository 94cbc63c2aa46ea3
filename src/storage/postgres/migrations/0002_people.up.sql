-- Webhooks and deliveries, closed days, people and what lets them in, the daily gate,
-- notifications, and changes that wait for a decision.

create table webhooks (
    org        bytea            not null,
    id         bytea            not null,
    url        text collate "C", -- null where it was erased
    types      text collate "C" not null, -- names, with spaces between; empty: all
    properties bytea            not null, -- ids, 16 bytes each; empty: all
    active     bigint           not null,
    alerts     bigint           not null,
    deleted    bigint           not null,
    made_by    bytea            not null,
    made_via   text collate "C" not null,
    made_token bytea            not null, -- zeros where it was no token
    created_at bigint           not null,
    version    bigint           not null,
    crc        bigint           not null,
    foreign key (org) references orgs (id)
);
create unique index webhooks_by_id on webhooks (org, id);

-- Side table: what their requests are signed with. Never part of an event.
create table webhook_secrets (
    org     bytea            not null,
    webhook bytea            not null,
    secret  bytea            not null,
    crc     bigint           not null,
    primary key (org, webhook)
);

-- Side table: the last attempts of each webhook.
create table webhook_attempts (
    org         bytea            not null,
    webhook     bytea            not null,
    number      bigint           not null, -- per webhook, ascending
    event_id    bytea            not null,
    position    bigint           not null,
    attempt     bigint           not null,
    at          bigint           not null,
    duration_ms bigint           not null,
    status      bigint           not null, -- of HTTP; 0 without an answer
    error       text collate "C" not null,
    crc         bigint           not null,
    primary key (org, webhook, number)
) partition by hash (org);

-- Side table: where each subscription is in the log.
create table deliveries (
    org          bytea            not null,
    subscription text collate "C" not null,
    generation   bigint           not null,
    watermark    bigint           not null,
    ranges       bytea            not null, -- pairs of 64-bit integers, low byte first
    paused       bigint           not null,
    reason       text collate "C" not null,
    saved_at     bigint           not null,
    crc          bigint           not null,
    primary key (org, subscription)
);

-- Side table: what it gave up on.
create table dead_letters (
    org          bytea            not null,
    id           bytea            not null,
    subscription text collate "C" not null,
    position     bigint           not null,
    event_id     bytea            not null,
    event_type   text collate "C" not null,
    entity_type  text collate "C" not null,
    entity       bytea            not null,
    property     bytea,
    attempts     bigint           not null,
    first_at     bigint           not null,
    last_at      bigint           not null,
    last_error   text collate "C" not null,
    redriving    bigint           not null,
    crc          bigint           not null,
    primary key (org, id)
);
create index dead_letters_by_subscription on dead_letters (org, subscription, id);

create table closings (
    org                   bytea            not null,
    property              bytea            not null,
    date                  bigint           not null,
    revision              bigint           not null,
    number                bigint           not null,
    cash_counted_minor    bigint,
    cash_variance_minor   bigint,
    bank_counted_minor    bigint,
    bank_variance_minor   bigint,
    expected_minor        bigint           not null,
    pending_cash_minor    bigint           not null,
    counted_by            bytea,
    needs_acknowledgement bigint           not null,
    report_hash           bytea            not null,
    closed_by             bytea            not null,
    closed_at             bigint           not null,
    position              bigint           not null,
    reopened_by           bytea,
    reopened_at           bigint,
    acknowledged_by       bytea,
    acknowledged_at       bigint,
    crc                   bigint           not null,
    primary key (org, property, date, revision),
    foreign key (org, property) references properties (org, id)
) partition by hash (org);
create index closings_unacknowledged on closings (org, property, date)
    where needs_acknowledgement = 1 and reopened_at is null and acknowledged_at is null;

-- Part of the log, like the event that names it: a rebuild makes none of them.
create table frozen_reports (
    org   bytea            not null,
    hash  bytea            not null,
    bytes text collate "C" not null,
    crc   bigint           not null,
    foreign key (org) references orgs (id)
) partition by hash (org);
create unique index frozen_reports_by_hash on frozen_reports (org, hash);

-- An empty property is the whole org.
create table locks (
    org      bytea            not null,
    property bytea            not null,
    through  bigint           not null,
    reason   text collate "C",
    set_by   bytea            not null,
    set_at   bigint           not null,
    lifted   bigint           not null,
    version  bigint           not null,
    crc      bigint           not null,
    primary key (org, property),
    foreign key (org) references orgs (id)
);

create table lock_exceptions (
    org        bytea            not null,
    property   bytea            not null,
    "user"     bytea            not null,
    until      bigint           not null,
    reason     text collate "C",
    granted_by bytea            not null,
    granted_at bigint           not null,
    revoked    bigint           not null,
    crc        bigint           not null,
    primary key (org, property, "user"),
    foreign key (org) references orgs (id)
);

create table users (
    org              bytea            not null,
    id               bytea            not null,
    name             text collate "C",
    email            text collate "C",
    role             text collate "C" not null,
    scope_all        bigint           not null,
    scope_properties bytea            not null, -- ids one after the other, ascending
    until            bigint,
    status           text collate "C" not null,
    language         text collate "C" not null,
    theme            text collate "C" not null,
    created_at       bigint           not null,
    version          bigint           not null,
    crc              bigint           not null,
    foreign key (org) references orgs (id)
);
create unique index users_by_id on users (org, id);

-- Side tables: credentials. Events name them by their ids and never hold what is in them.
create table passwords (
    org    bytea            not null,
    "user" bytea            not null,
    id     bytea            not null,
    hash   text collate "C" not null, -- argon2id, as libsodium writes it
    set_at bigint           not null,
    crc    bigint           not null,
    primary key (org, "user"),
    foreign key (org, "user") references users (org, id)
);

create table sign_in_sessions (
    org         bytea            not null,
    id          bytea            not null,
    "user"      bytea            not null,
    secret_hash bytea            not null, -- SHA-256 of the cookie
    created_at  bigint           not null,
    address     text collate "C" not null,
    agent       text collate "C" not null,
    crc         bigint           not null,
    primary key (org, id),
    foreign key (org, "user") references users (org, id)
);
create index sign_in_sessions_by_user on sign_in_sessions (org, "user", id);

create table sign_in_links (
    org         bytea            not null,
    "user"      bytea            not null,
    id          bytea            not null,
    kind        text collate "C" not null, -- invitation or reset
    secret_hash bytea            not null,
    expires_at  bigint           not null,
    crc         bigint           not null,
    primary key (org, "user"),
    foreign key (org, "user") references users (org, id)
);

-- Side table: when a token or a session was last used, to the minute. Reading makes no event.
create table last_uses (
    org        bytea            not null,
    credential bytea            not null,
    used_at    bigint           not null,
    crc        bigint           not null,
    primary key (org, credential)
);

-- Side table of no org: sign-ins that failed, in a ring of slots. The account may be nobody's.
create table failed_sign_ins (
    slot      bigint           not null,
    account   bytea            not null, -- half of the SHA-256 of the e-mail address
    address   text collate "C" not null,
    failed_at bigint           not null,
    crc       bigint           not null,
    primary key (slot)
);

-- Side table: who read the trail, by what filter, once an hour. A read never makes an event.
create table access_log (
    org         bytea            not null,
    hour        bigint           not null, -- since 1970
    "user"      bytea            not null,
    filter_hash bytea            not null,
    read_at     bigint           not null,
    via         text collate "C" not null,
    filter      text collate "C" not null,
    address     text collate "C" not null,
    crc         bigint           not null,
    primary key (org, hour, "user", filter_hash)
);

-- Entries that nobody has decided, by author and business date; no row where there are none.
create table undecided (
    org      bytea            not null,
    property bytea            not null,
    "user"   bytea            not null,
    date     bigint           not null,
    count    bigint           not null,
    crc      bigint           not null,
    primary key (org, property, "user", date),
    foreign key (org, property) references properties (org, id)
);

create table daily_approvals (
    org        bytea            not null,
    property   bytea            not null,
    date       bigint           not null,
    "user"     bytea            not null,
    reason     text collate "C",
    granted_by bytea            not null,
    granted_at bigint           not null,
    revoked    bigint           not null,
    crc        bigint           not null,
    primary key (org, property, date, "user"),
    foreign key (org, property) references properties (org, id)
);

-- Events that are news for a person.
create table notifications (
    org      bytea            not null,
    "user"   bytea            not null,
    position bigint           not null,
    property bytea, -- of the event
    crc      bigint           not null,
    primary key (org, "user", position),
    foreign key (org) references orgs (id)
) partition by hash (org);

-- Side table: what somebody has read of them. Reading makes no event.
create table read_marks (
    org     bytea            not null,
    "user"  bytea            not null,
    through bigint           not null, -- all up to this position
    beyond  bytea            not null, -- and these, 8 bytes each, ascending
    crc     bigint           not null,
    primary key (org, "user"),
    foreign key (org) references orgs (id)
);

-- Each is of an entry that counts as it is meanwhile. What was decided or withdrawn is deleted.
-- With a foreign key to the entry, each change of an entry would look here.
create table change_requests (
    org           bytea            not null,
    entry         bytea            not null,
    property      bytea            not null,
    kind          text collate "C" not null, -- of the entry
    change        text collate "C" not null,
    version       bigint           not null,
    business_date bigint           not null,
    amount_minor  bigint           not null,
    currency      text collate "C" not null,
    payment_mode  text collate "C" not null,
    key           text collate "C" not null,
    from_end      text collate "C" not null,
    to_end        text collate "C" not null,
    method        text collate "C" not null,
    tax_minor     bigint           not null,
    occurred_on   bigint,
    external_id   text collate "C" not null,
    reversal      bigint           not null,
    reverses      bytea,
    party         text collate "C",
    description   text collate "C",
    reference     text collate "C",
    reason        text collate "C",
    requested_by  bytea            not null,
    requested_at  bigint           not null,
    to_property   bytea, -- where it would go
    crc           bigint           not null,
    primary key (org, entry),
    foreign key (org) references orgs (id)
) partition by hash (org);
create index change_requests_by_time on change_requests (org, property, requested_at, entry);

do $$
declare
    grows text;
begin
    foreach grows in array array[
        'webhook_attempts', 'closings', 'frozen_reports', 'notifications',
        'change_requests']
    loop
        for remainder in 0..7 loop
            execute format(
                'create table %I partition of %I for values with (modulus 8, remainder %s)',
                grows || '_p' || remainder, grows, remainder);
        end loop;
    end loop;
end
$$;
