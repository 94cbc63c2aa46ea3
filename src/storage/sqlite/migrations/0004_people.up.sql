-- People: who may do what where (books), and beside them what lets people in, when it did, and who
-- read the trail.

create table users (
    org              blob    not null references orgs (id),
    id               blob    not null,
    name             text,
    email            text,
    role             text    not null,
    scope_all        integer not null,
    scope_properties blob    not null, -- ids one after the other, ascending
    until            integer,
    status           text    not null,
    language         text    not null,
    theme            text    not null,
    created_at       integer not null,
    version          integer not null,
    crc              integer not null
) strict;
create unique index users_by_id on users (org, id);

-- Whether an owner trusts a token came later: a second bit.
alter table tokens rename column scope_all to flags; -- 1: sees all properties, 2: trusted

-- Side tables: credentials. Events name them by their ids and never hold what is in them.
create table passwords (
    org    blob    not null,
    user   blob    not null,
    id     blob    not null,
    hash   text    not null, -- argon2id, as libsodium writes it
    set_at integer not null,
    crc    integer not null,
    primary key (org, user),
    foreign key (org, user) references users (org, id)
) strict, without rowid;

create table sign_in_sessions (
    org         blob    not null,
    id          blob    not null,
    user        blob    not null,
    secret_hash blob    not null, -- SHA-256 of the cookie
    created_at  integer not null,
    address     text    not null,
    agent       text    not null,
    crc         integer not null,
    primary key (org, id),
    foreign key (org, user) references users (org, id)
) strict, without rowid;
create index sign_in_sessions_by_user on sign_in_sessions (org, user, id);

create table sign_in_links (
    org         blob    not null,
    user        blob    not null,
    id          blob    not null,
    kind        text    not null, -- invitation or reset
    secret_hash blob    not null,
    expires_at  integer not null,
    crc         integer not null,
    primary key (org, user),
    foreign key (org, user) references users (org, id)
) strict, without rowid;

-- Side table: when a token or a session was last used, to the minute. Reading makes no event.
create table last_uses (
    org        blob    not null,
    credential blob    not null,
    used_at    integer not null,
    crc        integer not null,
    primary key (org, credential)
) strict, without rowid;

-- Side table of no org: sign-ins that failed, in a ring of slots. The account may be nobody's.
create table failed_sign_ins (
    slot      integer not null primary key,
    account   blob    not null, -- half of the SHA-256 of the e-mail address
    address   text    not null,
    failed_at integer not null,
    crc       integer not null
) strict;

-- Side table: who read the trail, by what filter, once an hour. A read never makes an event.
create table access_log (
    org         blob    not null,
    hour        integer not null, -- since 1970
    user        blob    not null,
    filter_hash blob    not null,
    read_at     integer not null,
    via         text    not null,
    filter      text    not null,
    address     text    not null,
    crc         integer not null,
    primary key (org, hour, user, filter_hash)
) strict, without rowid;
