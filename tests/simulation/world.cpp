// Moves.
#include "simulation/world.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "simulation/books_check.h"
#include "simulation/broken.h"
#include "support/contents.h"
#include "support/sample_books.h"

namespace daybook::simulation {

using test::day;
using test::kTestToday;

namespace {

constexpr int kDepthMax = 2;
constexpr std::int64_t kMinuteMs = 60'000;

Move within(const Move& move, std::uint32_t salt) {
    return {mixed(move, salt), mixed(move, salt + 1), mixed(move, salt + 2), mixed(move, salt + 3)};
}

test::Step step_of(const Move& move, std::uint32_t number) {
    const auto below = [&](std::uint32_t salt, int end) {
        return static_cast<int>(mixed(move, 100 * number + salt) % static_cast<std::uint32_t>(end));
    };
    return {below(1, test::kActs), below(2, 6),  below(3, 3),     below(4, 20),
            below(5, 9),           below(6, 10), below(7, 1'000), below(8, 3)};
}

test::ReportQuestion question_of(const Move& move, const std::vector<PropertyId>& properties) {
    test::ReportQuestion question;
    if (move.how % 3 != 0) question.properties = {properties[move.which % properties.size()]};
    const auto today = day(kTestToday);
    const int back = static_cast<int>(move.which % 40);
    switch (move.more % 5) {
        case 0:
            question.period = reports::MonthAsked{2026, 1 + static_cast<int>(move.which % 3)};
            break;
        case 1: question.period = reports::YearAsked{2026, reports::YearBasis::calendar, {}}; break;
        case 2:
            question.period = domain::DateRange{today.plus(-back), today.plus(-back / 2)};
            break;
        default: question.period = reports::DayAsked{today.plus(-back % 3)};
    }
    return question;
}

}  // namespace

std::uint32_t mixed(const Move& move, std::uint32_t salt) {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
    for (const std::uint32_t each : {move.act, move.which, move.how, move.more, salt}) {
        hash = (hash ^ each) * 0x100'0000'01B3;
        hash ^= hash >> 29U;
    }
    return static_cast<std::uint32_t>(hash >> 16U);
}

std::ostream& operator<<(std::ostream& out, const Move& move) {
    return out << '{' << move.act << ", " << move.which << ", " << move.how << ", " << move.more
               << '}';
}

std::vector<Move> moves_of(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 chance(seed);
    const auto any = [&] { return static_cast<std::uint32_t>(chance() >> 40U); };
    std::vector<Move> moves(count);
    for (Move& each : moves) each = {any(), any(), any(), any()};
    return moves;
}

// ------------------------------------------------------------------------------------- the front

void World::Front::submit(app::Command command, app::Done done) {
    Node* node = &world_.routed();
    const OrgId org = command.principal.org;
    node->store.submit(std::move(command), [this, node, org, done = std::move(done)](
                                               Result<app::Outcome> outcome) mutable {
        if (node->is_dead()) {
            done(fail(ErrorCode::commit_unknown, "The connection broke."));
            return;
        }
        const auto witness = world_.witnesses_.find(org);
        if (outcome && witness != world_.witnesses_.end()) {
            witness->second->acknowledge();
            world_.ask_when_answered();
        }
        done(std::move(outcome));
    });
}
Result<std::unique_ptr<app::Snapshot>> World::Front::snapshot(OrgId org) {
    return world_.routed().store.snapshot(org);
}
Result<std::vector<domain::Org>> World::Front::orgs() {
    return world_.routed().store.orgs();
}
Result<std::vector<app::Credential>> World::Front::credentials() {
    return world_.routed().store.credentials();
}
Result<std::vector<std::pair<OrgId, domain::User>>> World::Front::users() {
    return world_.routed().store.users();
}
Result<std::string> World::Front::webhook_secret(const app::WebhookKey& key) {
    return world_.routed().store.webhook_secret(key);
}
Result<app::SignInState> World::Front::sign_in_state() {
    return world_.routed().store.sign_in_state();
}
void World::Front::listen(app::CommitListener& listener) {
    world_.routed().store.listen(listener);
}
void World::Front::load(OrgId org, std::move_only_function<void(Status)> done) {
    world_.routed().store.load(org, std::move(done));
}
void World::Front::forget(std::vector<OrgId> orgs) {
    world_.routed().store.forget(std::move(orgs));
}
void World::Front::drain() {
    world_.routed().store.drain();
}
app::Store::Health World::Front::health() {
    return world_.routed().store.health();
}

// -------------------------------------------------------------------------- beginnings and ends

World::World(const Setting& setting) : setting_(setting) {
    nodes_.resize(setting.nodes);
    if (!is_alone()) leases_.emplace(kept_, database_clock_);
    for (std::size_t i = 0; i < setting.nodes; ++i) start(i);
    player_.emplace(front_, clock_);
    elsewhere_.emplace(front_, 2);
    elsewhere_property_ = elsewhere_->add_property("Elsewhere");
    const test::TestOrg& own = player_->org();
    for (const OrgId org : {own.id(), elsewhere_->id()}) {
        const auto added = witnesses_.emplace(org, std::make_unique<Witness>(kept_, org)).first;
        receiver_->know(*added->second);
    }
    clients_.emplace(own, player_->properties().front(), clock_);
    const auto id_of = [](PropertyId id) { return "\"propertyId\":\"" + id.to_string(); };
    std::vector<std::string> foreign{elsewhere_->id().to_string()};
    watchers_.add(own.owner(), foreign);
    for (std::size_t i = 1; i < player_->properties().size(); ++i) {
        foreign.push_back(id_of(player_->properties()[i]));
    }
    watchers_.add(own.limited(domain::Role::manager, {player_->properties().front()}), foreign);
    watchers_.add(elsewhere_->owner(), {own.id().to_string()});
}

World::~World() {
    receiver_->let_go();
}

void World::start(std::size_t index) {
    Surroundings around{
        .kept = kept_,
        .clock = clock_,
        .random = random_,
        .jitter = jitter_,
        .handler = receiver_,
        .on_kept =
            [this] {
                for (auto& [org, each] : witnesses_) each->keep();
            },
        .leases = is_alone() ? nullptr : &*leases_,
        .claimed = [this, index](const auto& orgs) { return claimed_elsewhere(index, orgs); },
        .publish = [this, index](const std::string& message) { publish(index, message); },
        .meanwhile = [this, index] { write_on_another(index); },
    };
    nodes_.at(index) = std::make_unique<Node>(around);
    // What a process finds when it starts is there for ever.
    for (auto& [org, each] : witnesses_) each->acknowledge();
}

void World::stop(std::size_t index, Ending ending) {
    std::unique_ptr<Node>& node = nodes_.at(index);
    if (ending == Ending::drained) {
        node->drain();
    } else {
        node->disk.cut_power();
    }
    watchers_.lose(*node);
    receiver_->let_go();
    node.reset();
}

void World::restart(std::size_t index, Ending ending) {
    stop(index, ending);
    start(index);
}

bool World::answers(std::size_t index) const {
    const Node* const node = nodes_.at(index).get();
    return node != nullptr && !node->is_dead() && !node->is_stalled;
}

Node& World::routed() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const std::size_t index = (route_ + i) % nodes_.size();
        if (answers(index)) return *nodes_[index];
    }
    const auto there =
        std::ranges::find_if(nodes_, [](const auto& each) { return each != nullptr; });
    return **there;
}

// ------------------------------------------------------------------------------------- the moves

void World::play(const Move& move) {
    playing_ = move;
    chances_ = 0;
    act(move);
    for (std::size_t i = 0; i < nodes_.size(); ++i) tend(i, move);
    playing_.reset();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i] && !nodes_[i]->is_stalled) nodes_[i]->run();
    }
    check();
}

void World::tend(std::size_t index, const Move& move) {
    const std::unique_ptr<Node>& node = nodes_.at(index);
    if (node && node->is_dead()) {
        stop(index, Ending::killed);
        const bool is_last =
            std::ranges::none_of(nodes_, [](const auto& each) { return each != nullptr; });
        if (is_last || move.more % 2 == 0) start(index);
    } else if (!node) {
        if (chance() % 4 == 0) start(index);
    } else if (!node->accepts_writes() && move.more % 3 == 0) {
        restart(index, move.more % 2 == 0 ? Ending::drained : Ending::killed);
    }
}

void World::act(const Move& move) {
    const std::size_t before = std::exchange(route_, mixed(move, 5'000) % nodes_.size());
    act_on_routed(move);
    route_ = before;
}

void World::act_on_routed(const Move& move) {
    if (!is_alone() && move.act / 20 % 5 == 0) return trouble_nodes(move);
    switch (move.act % 20) {
        case 0:
        case 1:
        case 2:
        case 3: return play_books(move);
        case 4:
        case 5: return add_wish(move);
        case 6: return clients_->try_again(move.which);
        case 7: return write_elsewhere(move);
        case 8:
        case 9:
        case 10:
        case 11: return ask(move);
        case 12:
        case 13:
        case 14: return stream(move);
        case 15:
        case 16: return deliver(move);
        case 17: return let_time_pass(move);
        case 18: return break_something(move);
        default: return break_commit(move);
    }
}

void World::play_books(const Move& move) {
    std::vector<test::Step> steps;
    for (std::uint32_t i = 0; i <= move.how % 3; ++i) steps.push_back(step_of(move, i));
    // What reports find hardest, and chance alone tries too seldom.
    if (move.more % 3 == 0) {
        steps.back().act = test::kActUpdate;
        steps.back().variant = test::kVariantDate;
        steps.back().who = 0;
    }
    player_->play(steps);
}

void World::add_wish(const Move& move) {
    clients_->add(static_cast<Clients::Safety>(move.how % 3), static_cast<int>(move.which % 20));
}

void World::write_elsewhere(const Move& move) {
    const std::int64_t minor = 1 + move.which % 1'000;
    (void)elsewhere_->run(test::single(elsewhere_->expense(elsewhere_property_, minor)));
}

// A report, and what others do while it is read.
void World::ask(const Move& move, Others others) {
    if (depth_ >= kDepthMax) return;
    Node* const node = &routed();
    const test::TestOrg& own = player_->org();
    const auto question = question_of(move, player_->properties());
    if (mixed(move, 5'502) % 8 != 0) node->load(own.id());
    Position since = witness(own.id()).acknowledged();
    Position wanted = 0;
    if (!is_alone()) {
        // Who does not say what they have seen gets what this node has heard of.
        if (mixed(move, 5'500) % 3 != 0) wanted = since;
        const Position raised = node->reports.cache().raised(own.id());
        if (wanted > raised && mixed(move, 5'501) % 3 != 0) (void)node->catch_up(own.id());
        since = std::max(wanted, node->reports.cache().raised(own.id()));
    }
    ++depth_;
    auto work = node->reports.answer(
        own.owner(), test::asked(question), wanted,
        [this, node, question, since, wanted](reports::ReportCache::Answer answer) {
            if (node->is_dead() || !answer.report) return;
            Witness& seen = witness(player_->org().id());
            const bool is_right = seen.was_so(question, answer.report.value()->bytes,
                                              std::max(since, answer.position));
            if (!is_right) mistake_ = "I6: a report misses what was acknowledged before";
            if (answer.position > seen.head()) mistake_ = "I6: a report is from the future";
            if (answer.position < wanted) mistake_ = "I6: a report is older than what was wanted";
        });
    std::uint32_t point = 0;
    const auto before = node->reads.set_hook([&](test::ReadPoint) -> Status {
        ++point;
        const std::uint32_t chance = mixed(move, 1'000 + point);
        if (chance % 97 == 0) return fail(ErrorCode::io_failed, "The disk cannot be read.");
        if (others == Others::act && chance % 5 == 0) act(within(move, 2'000 + 10 * point));
        return {};
    });
    if (work) work->run();
    node->reads.set_hook(before);
    --depth_;
}

// Whoever has been told that something is written looks at once, before anybody does anything.
void World::ask_when_answered() {
    if (!playing_ || mixed(*playing_, 4'000) % 4 != 0) return;
    const std::size_t before = std::exchange(route_, mixed(*playing_, 4'500) % nodes_.size());
    ask(within(*playing_, 4'001), Others::wait);
    route_ = before;
}

void World::stream(const Move& move) {
    Node& node = routed();
    switch (move.how % 6) {
        case 0: return watchers_.break_off(move.which);
        case 1: return read_a_page(node, move.which);
        case 2: return node.hub.collect(node.now_ms);
        case 3: return watchers_.take(move.which, move.more % 20'000);
        default:
            for (const auto& [org, each] : witnesses_) node.load(org);
            return watchers_.connect(node, move.which);
    }
}

void World::deliver(const Move& move) {
    if (move.how % 3 == 0) receiver_->answer_one(move.which);
    if (move.how % 3 == 1) receiver_->set_mood(static_cast<Mood>(move.more % 6));
    if (depth_ == 0) pass(move.which % 4 * kMinuteMs / 4);
}

void World::pass(std::int64_t ms) {
    if (!is_alone()) return pass_on_nodes(ms);
    clock_.advance_ms(ms);
    nodes_.front()->advance_ms(ms);
}

void World::let_time_pass(const Move& move) {
    constexpr std::array<std::int64_t, 5> kJumps{1'000, kMinuteMs, 60 * kMinuteMs, -60 * kMinuteMs,
                                                 -kMinuteMs};
    clock_.advance_ms(kJumps.at(move.which % kJumps.size()));
    // Nobody has asked this node about an org for long.
    const OrgId idle = move.how % 2 == 0 ? player_->org().id() : elsewhere_->id();
    if (move.more % 3 == 0) routed().store.forget({idle});
    if (depth_ == 0) pass(move.how % 40 * kMinuteMs / 8);
}

void World::break_something(const Move& move) {
    using storage::memory::Operation;
    constexpr std::array kBreaks{Operation::begin, Operation::load,   Operation::load,
                                 Operation::write, Operation::commit, Operation::after_batch};
    constexpr std::array kCodes{ErrorCode::io_failed, ErrorCode::disk_full, ErrorCode::busy};
    if (move.more % 4 == 0) {
        routed().disk.cut_power();
        return;
    }
    if (move.more % 4 == 1 && depth_ == 0 && answers(route_)) {
        return restart(route_, Ending::drained);
    }
    kept_.fail_later(kBreaks.at(move.which % kBreaks.size()), 1 + static_cast<int>(move.how % 12),
                     kCodes.at(move.more % kCodes.size()));
}

void World::break_commit(const Move& move) {
    routed().disk.fail_next_commit(static_cast<CommitFault>(1 + move.which % 4));
}

void World::check() {
    for (auto& [org, each] : witnesses_) {
        each->check();
        Position known = each->acknowledged();
        for (Node* const node : nodes()) {
            if (!node->authenticator.is_loaded(org)) continue;
            known = std::min(known, node->reports.cache().raised(org));
        }
        each->forget(known);
    }
    receiver_->check();
    check_nodes();
    require(mistake_.empty(), mistake_);
}

// --------------------------------------------------------------------------------------- the end

void World::heal_delivery() {
    receiver_->set_mood(Mood::acknowledges);
    const std::array<const test::TestOrg*, 2> orgs{&player_->org(), &*elsewhere_};
    for (int round = 0; round < 4; ++round) {
        for (const test::TestOrg* org : orgs) {
            for (const auto& each : org->snapshot()->dead_letters({}).value().letters) {
                app::ChangeDelivery redrive;
                redrive.act = domain::DeliveryAct::redriven;
                redrive.dead_letter = each.id;
                (void)test::run(front_, org->command(redrive));
            }
        }
        receiver_->let_go();
        pass(30 * kMinuteMs);
        for (Node* node : nodes()) node->run();
    }
}

void World::finish() {
    kept_.fail_no_more();
    claims_ = 0;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (!nodes_[i]) {
            start(i);
        } else if (is_alone() || nodes_[i]->is_dead() || !nodes_[i]->accepts_writes()) {
            restart(i, Ending::killed);
        }
        nodes_[i]->disk.fail_next_commit(CommitFault::none);
        if (nodes_[i]->is_stalled) stall_or_wake(i);
    }
    clients_->settle();
    heal_delivery();
    watchers_.settle(nodes());
    check();
    clients_->check();
    receiver_->check_all_handled();
    watchers_.check(front_);
    check_books(player_->org(), {clock_, random_});
    check_books(*elsewhere_, {clock_, random_});
}

// ------------------------------------------------------------------------------------ many moves

Setting setting_of(std::uint64_t seed) {
    constexpr std::uint64_t kNodesMax = 3;
    return {.nodes = 1 + seed % kNodesMax, .has_bus = seed / kNodesMax % 4 != 0};
}

Verdict play(const Setting& setting, const std::vector<Move>& moves) {
    Verdict verdict;
    try {
        World world(setting);
        for (const Move& each : moves) {
            ++verdict.moves;
            world.play(each);
        }
        world.finish();
    } catch (const std::exception& broken) {
        verdict.broken = broken.what();
    }
    return verdict;
}

std::vector<Move> shrunk(const Setting& setting, std::vector<Move> moves) {
    const std::string broken = play(setting, moves).broken;
    // Ever smaller pieces are left out, as long as the same breaks.
    for (std::size_t piece = moves.size() / 2; piece > 0; piece /= 2) {
        for (std::size_t at = 0; at + piece <= moves.size();) {
            std::vector<Move> fewer(moves.begin(), moves.begin() + static_cast<std::ptrdiff_t>(at));
            fewer.insert(fewer.end(), moves.begin() + static_cast<std::ptrdiff_t>(at + piece),
                         moves.end());
            if (play(setting, fewer).broken == broken) {
                moves = std::move(fewer);
            } else {
                at += piece;
            }
        }
    }
    return moves;
}

}  // namespace daybook::simulation
