-- Takes back 0002_delivery.
drop table dead_letters;
drop table deliveries;
drop table webhook_attempts;
drop table webhook_secrets;
drop table webhooks;
