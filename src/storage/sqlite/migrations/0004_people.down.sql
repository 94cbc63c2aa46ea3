-- Takes back 0004_people, children before parents.
drop table access_log;
drop table failed_sign_ins;
drop table last_uses;
drop table sign_in_links;
drop table sign_in_sessions;
drop table passwords;
alter table tokens rename column flags to scope_all;
drop table users;
