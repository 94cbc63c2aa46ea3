// Need: CPU only. Goal: whatever happens (writes, slow and broken clients, any cursor, grants that
// come and go, revoked tokens, erased texts, restarts, in any order), every client gets the log
// filtered for it, in order and without a gap or a repeat, or a reset; and not one byte of another
// org, or of a property that it was never granted.
// Seed: printed with a failure; DAYBOOK_MODEL_SEED repeats it alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>

#include "app/authenticator.h"
#include "app/event_codec.h"
#include "property/store_property.h"
#include "realtime/feed.h"
#include "realtime/hub.h"
#include "support/pipe_sink.h"
#include "support/stream_check.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

using domain::Principal;
using domain::Role;
using domain::Scope;
using realtime::Cursor;
using realtime::Subscription;

constexpr int kSeeds = 40;
constexpr int kActs = 300;

// A token and what it was allowed, from which position on; revoked: nothing.
struct Grant {
    Position from = 0;
    std::optional<Scope> scope;
};
struct Person {
    TokenId token;
    Role role = Role::owner;
    std::vector<Grant> grants;

    [[nodiscard]] bool was_ever_granted(PropertyId property) const {
        return std::ranges::any_of(grants, [&](const Grant& grant) {
            return grant.scope && grant.scope->covers(property);
        });
    }
};

// One connection, from its first byte to its last.
struct Connection {
    std::size_t person = 0;
    Subscription asked;
    std::optional<std::string> cursor;  // as it was sent
    bool is_cursor_good = true;
    std::size_t first_grant = 0;
    std::shared_ptr<Pipe> pipe;
    realtime::StreamId id = 0;
};

class World {
 public:
    World(const StoreKind& kind, std::uint64_t seed)
        : chance_(seed), books_(kind, seed), org_(store_, 1), other_(store_, 2) {
        store_.listen(authenticator_);
        for (const TestOrg* org : {&org_, &other_}) EXPECT_TRUE(load_org(store_, org->id()));
        store_.listen(feed_);
        restart();
        for (const char* name : {"Alpha", "Beta", "Gamma"}) {
            properties_.push_back(org_.add_property(name));
        }
        foreign_ = other_.add_property("Foreign");
        add_person(Role::owner, {});
        add_person(Role::auditor, {});
        add_person(Role::manager, {false, {properties_[0]}});
        add_person(Role::admin, {false, {properties_[0], properties_[1]}});
        // Somebody of the other org keeps its ring filled.
        connect(kForeigner);
    }

    void act() {
        switch (below(16)) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4: return write();
            case 5: return change_setting();
            case 6: return connect(below(people_.size()));
            case 7: return reconnect();
            case 8: return let_take();
            case 9: return let_take();
            case 10: return read_a_page();
            case 11: return hub_->collect(now_ms_);
            case 12: return pass_time();
            case 13: return break_one();
            case 14: return below(4) == 0 ? change_grant() : hub_->collect(now_ms_);
            default: break;
        }
        const std::size_t rare = below(40);
        if (rare == 0) revoke();
        if (rare == 1) restart();
        if (rare >= 2 && rare < 8) erase();
    }

    // Everybody takes everything, and everything that waits is done.
    void settle() {
        for (int round = 0; round < 2; ++round) {
            for (Connection& each : connections_) {
                each.pipe->room = std::size_t{1} << 30;
                hub_->resume(each.id, now_ms_);
            }
            do {
                while (!pages_.empty()) read_a_page();
                hub_->collect(now_ms_);
            } while (!pages_.empty());
            // The second time, for the heartbeat that follows silence.
            now_ms_ += std::int64_t{limits::kHeartbeatSeconds + 1} * 1'000;
            hub_->tick(now_ms_);
        }
    }

    void check_all() {
        for (const Connection& each : connections_) check(each);
    }

 private:
    static constexpr std::size_t kForeigner = 1'000;

    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(chance_);
    }
    Position head(const TestOrg& org) { return org.snapshot()->head().value(); }

    void add_person(Role role, Scope scope) {
        std::ranges::sort(scope.properties);
        app::CreateTokenWithSecret create;
        create.token = {org_.new_id<TokenId>(), "t", role, scope, std::nullopt};
        books_.random.fill(create.secret_hash);
        people_.push_back({create.token.id, role, {}});
        org_.run(std::move(create)).value();
        people_.back().grants.push_back({head(org_), scope});
    }

    // -------------------------------------------------------------------------- what happens

    void write() {
        const bool is_foreign = below(5) == 0;
        TestOrg& org = is_foreign ? other_ : org_;
        const PropertyId property = is_foreign ? foreign_ : properties_[below(properties_.size())];
        domain::AddEntry entry = org.expense(property, 100);
        entry.content.description.value =
            planted(property) + std::string(below(3) == 0 ? 1'500 : 5, 'p');
        last_entry_ = org.add(std::move(entry)).id;
        is_last_foreign_ = is_foreign;
    }

    void change_setting() {
        org_.run(domain::ChangeSettings{"Name " + std::to_string(below(1'000'000)), {}, {}})
            .value();
    }

    void erase() {
        if (is_last_foreign_ || last_entry_ == EntryId{}) return;
        const auto version = org_.entry(last_entry_).version;
        org_.run(domain::EraseText{last_entry_, version, "asked to"}).value();
        last_entry_ = {};
    }

    void change_grant() {
        Person& person = people_[2 + below(2)];
        if (!person.grants.back().scope) return;
        Scope scope{false, {}};
        for (const PropertyId each : properties_) {
            if (below(2) == 0) scope.properties.push_back(each);
        }
        std::ranges::sort(scope.properties);
        if (scope.properties.empty()) scope.properties.push_back(properties_[0]);
        if (scope == *person.grants.back().scope) return;
        org_.run(domain::ScopeToken{person.token, scope}).value();
        person.grants.push_back({head(org_), scope});
    }

    void revoke() {
        Person& person = people_[1 + below(3)];
        if (!person.grants.back().scope) return;
        org_.run(domain::RevokeToken{person.token}).value();
        person.grants.push_back({head(org_), std::nullopt});
    }

    void restart() {
        hub_.reset();
        pages_.clear();
        hub_ = std::make_unique<realtime::Hub>(
            realtime::HubParts{
                .feed = feed_,
                .principal_now =
                    [this](const Principal& who) {
                        return authenticator_.current(who, clock_.now());
                    },
                .read_page = [this](auto request) { pages_.push_back(std::move(request)); },
                .ring_limits = kRing},
            now_ms_);
    }

    // In any order, of the state at that moment.
    void read_a_page() {
        if (pages_.empty()) return;
        const std::size_t which = below(pages_.size());
        const realtime::PageRequest request = pages_[which];
        pages_.erase(pages_.begin() + static_cast<std::ptrdiff_t>(which));
        auto page = realtime::read_page(store_, request);
        if (below(3) == 0) write();
        hub_->take_page(request, std::move(page), now_ms_);
    }

    void pass_time() {
        constexpr std::array<std::int64_t, 4> kSteps{10, 1'000, 16'000, 31'000};
        now_ms_ += kSteps.at(below(below(3) == 0 ? 4 : 2));
        hub_->tick(now_ms_);
    }

    void let_take() {
        if (connections_.empty()) return;
        Connection& one = connections_[below(connections_.size())];
        one.pipe->room += below(3) == 0 ? below(200) : below(20'000);
        hub_->resume(one.id, now_ms_);
    }

    void break_one() {
        if (connections_.empty() || below(3) != 0) return;
        connections_[below(connections_.size())].pipe->is_broken = true;
    }

    void connect(std::size_t person) {
        std::optional<std::string> cursor;
        if (person != kForeigner) {
            const Position end = head(org_);
            switch (below(5)) {
                case 0: break;
                case 1: cursor = cursor_text(below(static_cast<std::size_t>(end) + 1)); break;
                case 2: cursor = std::to_string(below(static_cast<std::size_t>(end) + 1)); break;
                case 3: cursor = std::to_string(end) + "-000000000000"; break;
                default: cursor = std::to_string(end + 1 + static_cast<Position>(below(5)));
            }
        }
        open(person, ask(person), std::move(cursor));
    }

    // With the last id that it has seen, as EventSource does.
    void reconnect() {
        if (connections_.empty()) return;
        const Connection& old = connections_[below(connections_.size())];
        if (!old.pipe->is_closed || old.person == kForeigner) return;
        std::string received = old.pipe->received;
        std::optional<std::string> last = old.cursor;
        for (const SseFrame& frame : take_sse_frames(received)) {
            if (frame.id.empty()) continue;
            last = frame.id;
        }
        open(old.person, old.asked, std::move(last));
    }

    std::string cursor_text(std::size_t position) {
        if (position == 0) {
            return Cursor{0, realtime::mark_of(app::chain_start(org_.id()))}.to_string();
        }
        const auto events = org_.snapshot()->log(static_cast<Position>(position) - 1, 1).value();
        return realtime::cursor_of(events.front()).to_string();
    }

    // A position alone is good wherever the log has it.
    bool is_of_log(const std::string& cursor, Position end) {
        const Position position = std::stol(cursor);
        if (position > end) return false;
        return cursor.find('-') == std::string::npos ||
               cursor == cursor_text(static_cast<std::size_t>(position));
    }

    Subscription ask(std::size_t person) {
        Subscription asked;
        if (person == kForeigner || below(2) == 0) return asked;
        const auto& scope = people_[person].grants.back().scope;
        if (below(2) == 0) {
            const PropertyId property = properties_[below(properties_.size())];
            if (scope && scope->covers(property)) asked.properties.push_back(property);
        } else {
            asked.types = {domain::EventType::expense_added, domain::EventType::text_erased};
        }
        return asked;
    }

    void open(std::size_t person, Subscription asked, std::optional<std::string> cursor) {
        Connection one;
        one.person = person;
        one.asked = std::move(asked);
        one.cursor = cursor;
        one.pipe = std::make_shared<Pipe>();
        one.pipe->room = below(2) == 0 ? 100'000 : below(3'000);
        TestOrg& org = person == kForeigner ? other_ : org_;
        Subscription subscription = one.asked;
        if (person == kForeigner) {
            subscription.principal = other_.owner();
        } else {
            const Person& who = people_[person];
            if (!who.grants.back().scope) return;  // 401 before it is a stream
            subscription.principal = principal(who, *who.grants.back().scope);
            one.first_grant = who.grants.size() - 1;
        }
        one.is_cursor_good = !cursor || is_of_log(*cursor, head(org));
        const auto given = cursor ? realtime::parse_cursor(*cursor) : std::nullopt;
        const auto start = realtime::find_start(*org.snapshot(), org.id(), given).value();
        // Between the request and the stream the world goes on.
        if (below(3) == 0) write();
        if (below(20) == 0) change_grant();
        one.id = hub_->new_id();
        realtime::Opening opening{
            std::move(subscription), start.cursor,
            start.is_unknown
                ? realtime::reset_frame(start.cursor, realtime::ResetReason::unknown_position)
                : realtime::ready_frame(start.cursor, 1'000),
            seats_.take(org.owner()).value()};
        hub_->open(one.id, std::move(opening), std::make_unique<PipeSink>(one.pipe), now_ms_);
        connections_.push_back(std::move(one));
    }

    // -------------------------------------------------------------------------- what must hold

    static std::string planted(PropertyId property) { return "planted-" + property.to_string(); }

    void check(const Connection& one) {
        const bool is_foreign = one.person == kForeigner;
        const auto log = whole_log(*(is_foreign ? other_ : org_).snapshot());
        check_planted(one);
        const ReceivedStream stream = segments_of(one.pipe->received);
        EXPECT_THAT(stream.mistakes, testing::IsEmpty());
        if (stream.segments.empty()) return;
        if (is_foreign) {
            ASSERT_EQ(stream.segments.size(), 1U);
            EXPECT_TRUE(is_log_of(stream.segments[0], {other_.owner(), {}, {}}, log));
            return;
        }
        const StreamSegment& first = stream.segments.front();
        EXPECT_EQ(first.begins_with_reset, !one.is_cursor_good);
        if (one.is_cursor_good && one.cursor) EXPECT_EQ(first.start, std::stol(*one.cursor));
        check_segments(one, stream.segments, log);
    }

    void check_segments(const Connection& one, const std::vector<StreamSegment>& segments,
                        const std::vector<LoggedEvent>& log) {
        const Person& person = people_[one.person];
        std::size_t grant = one.first_grant;
        for (const StreamSegment& segment : segments) {
            // Each reset stands for a change of the grant, or for several at once.
            while (grant < person.grants.size() && !fits(one, segment, person, grant, log)) ++grant;
            ASSERT_LT(grant, person.grants.size()) << "no grant explains what was sent from "
                                                   << segment.start << " to " << segment.end;
            const bool is_open = &segment == &segments.back() && !one.pipe->is_closed;
            if (is_open) {
                EXPECT_TRUE(fits(one, segment, person, person.grants.size() - 1, log));
                EXPECT_EQ(segment.end, log.back().position) << "settled, but not at the head";
            }
        }
        if (!person.grants.back().scope) {
            EXPECT_TRUE(one.pipe->is_closed) << "its token was revoked";
        }
    }

    bool fits(const Connection& one, const StreamSegment& segment, const Person& person,
              std::size_t grant, const std::vector<LoggedEvent>& log) {
        const auto& scope = person.grants[grant].scope;
        if (!scope) return false;
        // What happened after the grant had changed was never its own.
        const bool is_outdated = grant + 1 < person.grants.size() && !segment.events.empty() &&
                                 segment.events.back().position() >= person.grants[grant + 1].from;
        if (is_outdated) return false;
        Subscription subscription = one.asked;
        subscription.principal = principal(person, *scope);
        return is_log_of(segment, subscription, log);
    }

    Principal principal(const Person& person, Scope scope) {
        return {org_.id(),
                org_.owner().user,
                person.role,
                std::move(scope),
                {domain::ViaKind::token, person.token},
                ""};
    }

    void check_planted(const Connection& one) {
        const bool is_foreign = one.person == kForeigner;
        const auto expect_nothing_of = [&](PropertyId property) {
            EXPECT_EQ(one.pipe->received.find(planted(property)), std::string::npos);
            EXPECT_EQ(one.pipe->received.find("\"propertyId\":\"" + property.to_string()),
                      std::string::npos);
        };
        if (!is_foreign) expect_nothing_of(foreign_);
        for (const PropertyId each : properties_) {
            const bool is_asked =
                one.asked.properties.empty() || one.asked.properties.front() == each;
            if (is_foreign || !is_asked || !people_[one.person].was_ever_granted(each)) {
                expect_nothing_of(each);
            }
        }
    }

    // Small, so that it overflows all the time.
    static constexpr realtime::RingLimits kRing{12, 9'000, 14'000};

    std::mt19937_64 chance_;
    StoreUnderTest books_;
    app::Store& store_ = *books_.store;
    ManualClock& clock_ = books_.clock;
    app::Authenticator authenticator_;
    realtime::Feed feed_{[] {}, kRing};
    realtime::Seats seats_{{}};
    std::unique_ptr<realtime::Hub> hub_;
    std::vector<realtime::PageRequest> pages_;
    std::int64_t now_ms_ = 1'000'000;

    TestOrg org_;
    TestOrg other_;
    std::vector<PropertyId> properties_;
    PropertyId foreign_;
    std::vector<Person> people_;
    std::vector<Connection> connections_;
    EntryId last_entry_;
    bool is_last_foreign_ = false;
};

std::vector<int> seeds(int count) {
    if (const char* one = std::getenv("DAYBOOK_MODEL_SEED")) return {std::stoi(one)};
    std::vector<int> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 1);
    return all;
}

class RealtimeModel : public StoreProperty {};

TEST_P(RealtimeModel, EveryClientGetsTheLogFilteredForItOrAReset) {
    for (const int seed : seeds(within_budget(GetParam(), kSeeds))) {
        SCOPED_TRACE("DAYBOOK_MODEL_SEED=" + std::to_string(seed));
        World world(GetParam(), static_cast<std::uint64_t>(seed));
        for (int i = 0; i < kActs; ++i) world.act();
        world.settle();
        world.check_all();
        if (testing::Test::HasFailure()) return;
    }
}

DAYBOOK_PROPERTY_ON_ALL_STORES(RealtimeModel);

}  // namespace
}  // namespace daybook::test
