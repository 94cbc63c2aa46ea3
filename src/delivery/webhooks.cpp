// Subscribing, sending, and the log of what was tried.
#include "delivery/webhooks.h"

#include <algorithm>
#include <utility>

#include "app/authorise.h"
#include "app/cloud_event.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/log.h"

namespace daybook::delivery {
namespace {

constexpr int kOk = 200;
constexpr int kRedirect = 300;
constexpr int kGone = 410;
constexpr std::int64_t kMsPerSecond = 1'000;

bool is_success(int status) {
    return status >= kOk && status < kRedirect;
}

// What a newer version records is for those who see everything.
bool may_see(const domain::Principal& maker, const app::EventFacts& facts) {
    const auto type = domain::parse_event_type(facts.type);
    const auto entity = domain::parse_entity_type(facts.entity_type);
    if (!type || !entity) return maker.administers();
    return domain::may_see(maker, *type, facts.property, {*entity, facts.entity});
}

std::string alert_event(OrgId org, const app::Alert& alert, std::string_view type, Instant now,
                        const std::string& id) {
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("specversion").string("1.0");
    json.key("id").string(id);
    json.key("source").string("urn:daybook:org:" + org.to_string());
    json.key("type").string(type);
    json.key("subject").string("alert/" + alert.key);
    json.key("time").string(now.to_string());
    json.key("datacontenttype").string("application/json");
    json.key("data").begin_object().key("alert").begin_object();
    json.key("key").string(alert.key);
    json.key("since").string(alert.since.to_string());
    json.key("detail").string(alert.detail);
    json.end_object().end_object().end_object();
    return body;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> signed_headers(const std::string& id,
                                                                std::int64_t timestamp_s,
                                                                const std::string& secret,
                                                                const std::string& body) {
    const std::string timestamp = std::to_string(timestamp_s);
    const Hash code = hmac_sha256(as_bytes(secret), id + "." + timestamp + "." + body);
    return {{"webhook-id", id},
            {"webhook-timestamp", timestamp},
            {"webhook-signature", "v1," + to_base64(code)}};
}

class WebhookCore final : public std::enable_shared_from_this<WebhookCore> {
 public:
    explicit WebhookCore(const WebhookParts& parts) : parts_(parts) {}

    Status start() {
        for (const domain::Org& org : TRY(parts_.store.orgs())) {
            const auto snapshot = TRY(parts_.store.snapshot(org.id));
            for (const domain::Webhook& each : TRY(snapshot->webhooks())) follow(org.id, each);
        }
        return {};
    }

    void follow(OrgId org, const domain::Webhook& webhook);
    void send(OrgId org, WebhookId id, const Message& message, Attempt&& attempt);
    void tell(OrgId org, const app::Alert& alert, std::string_view type);
    void flush() EXCLUDES(mutex_);

 private:
    // An alert on its way to one webhook.
    struct Telling {
        app::WebhookKey to;
        std::string id;
        std::string body;
        int failed = 0;
    };
    // The webhook as it is now, and who made it.
    struct Sending {
        domain::Webhook webhook;
        domain::Principal maker;
        std::string secret;
    };

    Result<Sending> look_up(OrgId org, WebhookId id);
    Result<int> post(const Sending& sending, const std::string& id, std::string body);
    void refuse(OrgId org, WebhookId id, const Error& why, Attempt&& attempt);
    void switch_off(OrgId org, WebhookId id);
    void note(OrgId org, app::WebhookAttempt attempt) EXCLUDES(mutex_);
    void tell_one(const std::shared_ptr<Telling>& telling) EXCLUDES(mutex_);

    const WebhookParts parts_;
    Mutex mutex_;
    std::map<OrgId, std::vector<app::WebhookAttempt>> tried_ GUARDED_BY(mutex_);
    std::size_t tried_count_ GUARDED_BY(mutex_) = 0;
    bool flush_is_due_ GUARDED_BY(mutex_) = false;
    std::size_t tellings_ GUARDED_BY(mutex_) = 0;
};

namespace {

class WebhookHandler final : public Handler {
 public:
    WebhookHandler(std::shared_ptr<WebhookCore> core, OrgId org, WebhookId id)
        : core_(std::move(core)), org_(org), id_(id) {}

    void handle(const Message& message, Attempt&& attempt) override {
        core_->send(org_, id_, message, std::move(attempt));
    }

 private:
    std::shared_ptr<WebhookCore> core_;
    OrgId org_;
    WebhookId id_;
};

}  // namespace

void WebhookCore::follow(OrgId org, const domain::Webhook& webhook) {
    const std::string name = domain::webhook_subscription(webhook.id);
    if (webhook.deleted || !webhook.active) return parts_.delivery.unsubscribe(name);
    Subscription subscription;
    subscription.name = name;
    subscription.org = org;
    for (const domain::EventType type : webhook.types)
        subscription.filter.types.emplace_back(domain::event_type_name(type));
    subscription.filter.properties = webhook.properties;
    subscription.handler = std::make_shared<WebhookHandler>(shared_from_this(), org, webhook.id);
    subscription.runs_on = &parts_.senders;
    subscription.policy.backoff = kOutsideBackoff;
    subscription.workers.emplace();
    subscription.start = StartAt::head;
    parts_.delivery.subscribe(std::move(subscription));
}

Result<WebhookCore::Sending> WebhookCore::look_up(OrgId org, WebhookId id) {
    const auto snapshot = TRY(parts_.store.snapshot(org));
    const auto webhooks = TRY(snapshot->webhooks());
    const auto found = std::ranges::find(webhooks, id, &domain::Webhook::id);
    if (found == webhooks.end() || found->deleted || !found->active)
        return fail(ErrorCode::not_found, "The webhook is switched off.");
    // It has no rights of its own: whoever made it, as they are by now.
    const domain::Principal made_by{org, found->made_by,  domain::Role::owner,
                                    {},  found->made_via, {}};
    domain::Principal maker = TRY(app::principal_now(*snapshot, made_by, parts_.clock.now()));
    std::string secret = TRY(parts_.store.webhook_secret({org, id}));
    return Sending{*found, std::move(maker), std::move(secret)};
}

Result<int> WebhookCore::post(const Sending& sending, const std::string& id, std::string body) {
    WebhookRequest request;
    request.url = sending.webhook.url.value;
    request.headers =
        signed_headers(id, parts_.clock.now().ms / kMsPerSecond, sending.secret, body);
    request.body = std::move(body);
    return parts_.client.post(request);
}

void WebhookCore::send(OrgId org, WebhookId id, const Message& message, Attempt&& attempt) {
    const auto sending = look_up(org, id);
    if (!sending) return refuse(org, id, sending.error(), std::move(attempt));
    if (!may_see(sending->maker, message.facts)) {
        attempt.acknowledge();
        return;
    }
    auto body = app::cloud_event(message.stored);
    if (!body) return refuse(org, id, body.error(), std::move(attempt));
    app::WebhookAttempt tried{
        id, message.facts.id, message.facts.position, attempt.number(), parts_.clock.now(), 0, 0,
        {}};
    const std::int64_t begun_ms = parts_.background.monotonic_ms();
    const auto status = post(*sending, message.facts.id.to_string(), *std::move(body));
    tried.duration_ms = parts_.background.monotonic_ms() - begun_ms;
    tried.status = status.value_or(0);
    if (!status) {
        tried.error = status.error().detail;
    } else if (!is_success(*status)) {
        tried.error = "The receiver answered " + std::to_string(*status) + ".";
    }
    if (status && *status == kGone) switch_off(org, id);
    if (tried.error.empty()) {
        attempt.acknowledge();
    } else {
        attempt.fail(tried.error);
    }
    note(org, std::move(tried));
}

// A maker who may do nothing any more stops the webhook; all else may pass.
void WebhookCore::refuse(OrgId org, WebhookId id, const Error& why, Attempt&& attempt) {
    if (why.code == ErrorCode::unauthenticated) {
        parts_.delivery.pause(domain::webhook_subscription(id), org,
                              "Whoever made this webhook may no longer read these books: the "
                              "token was revoked or has expired. Make it anew with another.");
    }
    attempt.fail(why.detail);
}

void WebhookCore::switch_off(OrgId org, WebhookId id) {
    const auto snapshot = parts_.store.snapshot(org);
    if (!snapshot) return;
    const auto found = (*snapshot)->org();
    if (!found) return;
    domain::UpdateWebhook update;
    update.id = id;
    update.active = false;
    parts_.store.submit(
        {app::operator_principal(*found), "webhook-gone", std::nullopt, std::move(update)},
        [](const Result<app::Outcome>&) {});
}

void WebhookCore::note(OrgId org, app::WebhookAttempt attempt) {
    bool is_full = false;
    {
        const Lock lock(mutex_);
        tried_[org].push_back(std::move(attempt));
        is_full = ++tried_count_ >= limits::kWebhookLogMax;
        if (!is_full && !std::exchange(flush_is_due_, true)) {
            parts_.background.post_after(limits::kCursorSaveMs,
                                         [core = shared_from_this()] { core->flush(); });
        }
    }
    if (is_full) flush();
}

void WebhookCore::flush() {
    std::map<OrgId, std::vector<app::WebhookAttempt>> tried;
    {
        const Lock lock(mutex_);
        std::swap(tried, tried_);
        tried_count_ = 0;
        flush_is_due_ = false;
    }
    for (auto& [org, attempts] : tried) {
        const domain::Principal principal{org, {}, domain::Role::owner, {}, {}, {}};
        parts_.store.submit(
            {principal, "webhook-log", std::nullopt, app::LogWebhookAttempts{std::move(attempts)}},
            [](const Result<app::Outcome>&) {});
    }
}

void WebhookCore::tell(OrgId org, const app::Alert& alert, std::string_view type) {
    const auto snapshot = parts_.store.snapshot(org);
    const auto webhooks =
        snapshot ? (*snapshot)->webhooks() : std::unexpected(Error(snapshot.error()));
    if (!webhooks) return log(LogLevel::warning, "alerts: " + webhooks.error().detail);
    for (const domain::Webhook& each : *webhooks) {
        const bool wants = each.alerts == domain::WebhookAlerts::all && each.active;
        if (each.deleted || !wants) continue;
        auto telling = std::make_shared<Telling>();
        telling->to = {org, each.id};
        telling->id = new_uuid(parts_.clock.now(), parts_.random).to_string();
        telling->body = alert_event(org, alert, type, parts_.clock.now(), telling->id);
        {
            const Lock lock(mutex_);
            if (tellings_ == limits::kAlertSendsMax)
                return log(LogLevel::warning, "alerts: too many are on their way; one is dropped");
            ++tellings_;
        }
        parts_.senders.post([core = shared_from_this(), telling] { core->tell_one(telling); });
    }
}

void WebhookCore::tell_one(const std::shared_ptr<Telling>& telling) {
    const auto sending = look_up(telling->to.org, telling->to.id);
    const bool may_know = sending && sending->maker.administers();
    bool is_done = !may_know;
    if (may_know) {
        const auto status = post(*sending, telling->id, telling->body);
        is_done = status && is_success(*status);
    }
    if (!is_done && ++telling->failed < limits::kDeliveryAttemptsMax) {
        parts_.background.post_after(
            kOutsideBackoff.bound_ms(telling->failed), [core = shared_from_this(), telling] {
                core->parts_.senders.post([core, telling] { core->tell_one(telling); });
            });
        return;
    }
    const Lock lock(mutex_);
    --tellings_;
}

Webhooks::Webhooks(const WebhookParts& parts) : core_(std::make_shared<WebhookCore>(parts)) {}

Webhooks::~Webhooks() = default;

Status Webhooks::start() {
    return core_->start();
}

void Webhooks::committed(const app::Changes& changes) {
    for (const auto& [key, webhook] : changes.webhooks) core_->follow(key.org, webhook);
}

void Webhooks::flush() {
    core_->flush();
}

void Webhooks::raised(OrgId org, const app::Alert& alert) {
    core_->tell(org, alert, "daybook.alert_raised");
}

void Webhooks::cleared(OrgId org, const app::Alert& alert) {
    core_->tell(org, alert, "daybook.alert_cleared");
}

}  // namespace daybook::delivery
