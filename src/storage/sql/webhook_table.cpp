// The statements of webhooks, their secrets and their attempts.
#include "storage/sql/webhook_table.h"

#include <cstring>

#include "base/limits.h"

namespace daybook::storage::sql {
namespace {

constexpr Table kWebhooks{"webhooks", 2};
constexpr Table kSecrets{"webhook_secrets", 2};
constexpr Table kAttempts{"webhook_attempts", 3};

constexpr std::string_view kSelectWebhook =
    "select org, id, url, types, properties, active, alerts, deleted, made_by, made_via,"
    " made_token, created_at, version, crc from webhooks";

constexpr Query kFindWebhook{"webhook_find", kSelectWebhook, " where org = ?1 and id = ?2",
                             "SEARCH webhooks USING INDEX webhooks_by_id (org=? AND id=?)"};
constexpr Query kAllWebhooks{"webhook_all", kSelectWebhook, " where org = ?1 order by id",
                             "SEARCH webhooks USING INDEX webhooks_by_id (org=?)"};
constexpr Query kAliveWebhooks{"webhook_alive", "select count(*) from webhooks",
                               " where org = ?1 and deleted = 0",
                               "SEARCH webhooks USING INDEX webhooks_by_id (org=?)"};
constexpr Query kPutWebhook{"webhook_put", R"(
    insert into webhooks (org, id, url, types, properties, active, alerts, deleted, made_by,
        made_via, made_token, created_at, version, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
    on conflict (org, id) do update set
        url = excluded.url, types = excluded.types, properties = excluded.properties,
        active = excluded.active, alerts = excluded.alerts, deleted = excluded.deleted,
        version = excluded.version, crc = excluded.crc)",
                            "", ""};

constexpr Query kFindSecret{"webhook_secret_find",
                            "select org, webhook, secret, crc from webhook_secrets",
                            " where org = ?1 and webhook = ?2",
                            "SEARCH webhook_secrets USING PRIMARY KEY (org=? AND webhook=?)"};
constexpr Query kPutSecret{"webhook_secret_put", R"(
    insert into webhook_secrets (org, webhook, secret, crc)
        values (?1, ?2, ?3, ?4)
    on conflict (org, webhook) do update set secret = excluded.secret, crc = excluded.crc)",
                           "", ""};
constexpr Query kForgetSecret{"webhook_secret_forget", "delete from webhook_secrets",
                              " where org = ?1 and webhook = ?2",
                              "SEARCH webhook_secrets USING PRIMARY KEY (org=? AND webhook=?)"};

constexpr Query kAllAttempts{"webhook_attempt_all",
                             "select org, webhook, number, event_id, position, attempt, at,"
                             " duration_ms, status, error, crc from webhook_attempts",
                             " where org = ?1 and webhook = ?2 order by number desc",
                             "SEARCH webhook_attempts USING PRIMARY KEY (org=? AND webhook=?)"};
constexpr Query kLastAttempt{"webhook_attempt_last", "select max(number) from webhook_attempts",
                             " where org = ?1 and webhook = ?2",
                             "SEARCH webhook_attempts USING PRIMARY KEY (org=? AND webhook=?)"};
constexpr Query kPutAttempt{
    "webhook_attempt_put",
    "insert into webhook_attempts (org, webhook, number, event_id, position, attempt, at,"
    " duration_ms, status, error, crc)",
    " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", ""};
constexpr Query kPruneAttempts{
    "webhook_attempt_prune", "delete from webhook_attempts",
    " where org = ?1 and webhook = ?2 and number <= ?3",
    "SEARCH webhook_attempts USING PRIMARY KEY (org=? AND webhook=? AND number<?)"};
constexpr Query kForgetAttemptsOf{
    "webhook_attempt_forget", "delete from webhook_attempts", " where org = ?1 and webhook = ?2",
    "SEARCH webhook_attempts USING PRIMARY KEY (org=? AND webhook=?)"};
constexpr Query kForgetAttempts{"webhook_attempt_forget_all", "delete from webhook_attempts",
                                " where org = ?1",
                                "SEARCH webhook_attempts USING PRIMARY KEY (org=?)"};

std::string text_of(const std::vector<domain::EventType>& types) {
    std::string text;
    for (const domain::EventType each : types) {
        if (!text.empty()) text += ' ';
        text += domain::event_type_name(each);
    }
    return text;
}

std::optional<std::vector<domain::EventType>> parse_types(std::string_view text) {
    std::vector<domain::EventType> types;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const auto type = domain::parse_event_type(text.substr(0, end));
        if (!type) return std::nullopt;
        types.push_back(*type);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return types;
}

std::vector<std::uint8_t> bytes_of(const std::vector<PropertyId>& properties) {
    std::vector<std::uint8_t> bytes;
    for (const PropertyId& each : properties)
        bytes.insert(bytes.end(), each.value.bytes.begin(), each.value.bytes.end());
    return bytes;
}

std::vector<PropertyId> properties_of(std::span<const std::uint8_t> bytes) {
    std::vector<PropertyId> properties(bytes.size() / sizeof(Uuid));
    for (std::size_t i = 0; i < properties.size(); ++i)
        std::memcpy(properties[i].value.bytes.data(), &bytes[i * sizeof(Uuid)], sizeof(Uuid));
    return properties;
}

domain::Webhook read_webhook(Row& row) {
    domain::Webhook webhook;
    row.skip();  // org
    webhook.id = row.id<WebhookId>();
    webhook.url = row.erasable();
    webhook.types = row.named(parse_types);
    webhook.properties = properties_of(row.blob());
    webhook.active = row.flag();
    webhook.alerts = row.flag() ? domain::WebhookAlerts::all : domain::WebhookAlerts::none;
    webhook.deleted = row.flag();
    webhook.made_by = row.id<UserId>();
    webhook.made_via.kind = row.named(domain::parse_via_kind);
    webhook.made_via.token = row.id<TokenId>();
    webhook.created_at = row.instant();
    webhook.version = row.integer();
    return webhook;
}

app::WebhookAttempt read_attempt(Row& row) {
    app::WebhookAttempt attempt;
    row.skip();  // org
    attempt.webhook = row.id<WebhookId>();
    row.skip();  // number
    attempt.event = row.id<EventId>();
    attempt.position = row.integer();
    attempt.attempt = row.small();
    attempt.at = row.instant();
    attempt.duration_ms = row.integer();
    attempt.status = row.small();
    attempt.error = row.text();
    return attempt;
}

}  // namespace

WebhookTable::WebhookTable(Connection& connection)
    : find_(connection, kFindWebhook),
      all_(connection, kAllWebhooks),
      alive_(connection, kAliveWebhooks),
      put_(connection, kPutWebhook),
      secret_(connection, kFindSecret),
      put_secret_(connection, kPutSecret),
      forget_secret_(connection, kForgetSecret),
      attempts_(connection, kAllAttempts),
      last_attempt_(connection, kLastAttempt),
      put_attempt_(connection, kPutAttempt),
      prune_attempts_(connection, kPruneAttempts),
      forget_attempts_of_(connection, kForgetAttemptsOf),
      forget_attempts_(connection, kForgetAttempts) {}

Result<std::optional<domain::Webhook>> WebhookTable::find(const app::WebhookKey& key) {
    Run run(find_);
    run.with(key.org).with(key.id);
    return run.one(kWebhooks, read_webhook);
}

Result<std::vector<domain::Webhook>> WebhookTable::all(OrgId org) {
    Run run(all_);
    run.with(org);
    return run.all(kWebhooks, read_webhook);
}

Result<std::int64_t> WebhookTable::alive(OrgId org) {
    Run run(alive_);
    run.with(org);
    return TRY(run.number()).value_or(0);
}

Status WebhookTable::put(OrgId org, const domain::Webhook& webhook) {
    const std::string types = text_of(webhook.types);
    const std::vector<std::uint8_t> properties = bytes_of(webhook.properties);
    Run run(put_);
    run.with(org).with(webhook.id).with(webhook.url).with(types).with(properties);
    run.with(webhook.active).with(webhook.alerts == domain::WebhookAlerts::all);
    run.with(webhook.deleted).with(webhook.made_by);
    run.with(domain::via_kind_name(webhook.made_via.kind)).with(webhook.made_via.token);
    run.with(webhook.created_at).with(webhook.version);
    return run.checksum().finish();
}

Result<std::string> WebhookTable::secret(const app::WebhookKey& key) {
    Run run(secret_);
    run.with(key.org).with(key.id);
    const auto found = TRY(run.one(kSecrets, [](Row& row) {
        row.skip();  // org
        row.skip();  // webhook
        const auto bytes = row.blob();
        return std::string(bytes.begin(), bytes.end());
    }));
    return found.value_or("");
}

Status WebhookTable::put_secret(const app::WebhookSecret& secret) {
    Run run(put_secret_);
    run.with(secret.key.org).with(secret.key.id).with(as_bytes(secret.secret));
    return run.checksum().finish();
}

Result<std::vector<app::WebhookAttempt>> WebhookTable::attempts(const app::WebhookKey& key) {
    Run run(attempts_);
    run.with(key.org).with(key.id);
    return run.all(kAttempts, read_attempt);
}

Status WebhookTable::add_attempt(OrgId org, const app::WebhookAttempt& attempt) {
    std::optional<std::int64_t> last;
    {
        Run run(last_attempt_);
        run.with(org).with(attempt.webhook);
        last = TRY(run.number());
    }
    const std::int64_t number = last.value_or(0) + 1;
    {
        Run run(put_attempt_);
        run.with(org).with(attempt.webhook).with(number).with(attempt.event);
        run.with(attempt.position).with(attempt.attempt).with(attempt.at);
        run.with(attempt.duration_ms).with(attempt.status).with(attempt.error);
        TRY(run.checksum().finish());
    }
    constexpr auto kKept = static_cast<std::int64_t>(limits::kWebhookLogMax);
    if (number <= kKept) return {};
    Run run(prune_attempts_);
    return run.with(org).with(attempt.webhook).with(number - kKept).finish();
}

Status WebhookTable::forget_attempts(OrgId org) {
    Run run(forget_attempts_);
    return run.with(org).finish();
}

Status WebhookTable::forget(const app::WebhookKey& key) {
    {
        Run run(forget_secret_);
        TRY(run.with(key.org).with(key.id).finish());
    }
    Run run(forget_attempts_of_);
    return run.with(key.org).with(key.id).finish();
}

void add_webhook_queries(std::vector<const Query*>& queries) {
    for (const Query* each :
         {&kFindWebhook, &kAllWebhooks, &kAliveWebhooks, &kPutWebhook, &kFindSecret, &kPutSecret,
          &kForgetSecret, &kAllAttempts, &kLastAttempt, &kPutAttempt, &kPruneAttempts,
          &kForgetAttemptsOf, &kForgetAttempts}) {
        queries.push_back(each);
    }
}

}  // namespace daybook::storage::sql
