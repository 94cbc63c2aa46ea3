-- Several nodes: who does what only one does, and what each reads of an org that another changed.

-- A lease has run out when the time has come; whoever takes it from another counts the fence on.
create table leases (
    name   text collate "C" primary key,
    holder bytea            not null,
    fence  bigint           not null,
    until  timestamptz      not null
);

-- Side: whose caches every node is to drop, and when that was asked for last, in microseconds.
create table cache_clears (
    org        bytea  primary key,
    cleared_us bigint not null
);

create index token_secrets_by_org on token_secrets (org);
