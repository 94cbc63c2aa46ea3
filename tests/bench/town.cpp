// Waves of commands, so that they share their commits.
#include "town.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "app/store.h"
#include "app/token_secret.h"
#include "base/clock.h"
#include "domain/business_date.h"
#include "domain/money.h"
#include "storage/sqlite/store.h"

namespace daybook::bench {
namespace {

constexpr int kWave = 500;

// One org after the other, all of a wave at once: the commands of one org keep their order.
class Builder {
 public:
    explicit Builder(const std::filesystem::path& data) {
        auto store = storage::sqlite::open_store(
            {data, clock_, random_, storage::sqlite::Access::write, {}});
        if (!store) throw std::runtime_error(store.error().detail);
        store_ = std::move(store).value();
    }

    std::vector<Town::House> wave(int orgs) {
        constexpr int kCommands = 3;
        std::latch left(std::ptrdiff_t{orgs} * kCommands);
        std::atomic<int> refused = 0;
        const auto submit = [&](const domain::Principal& by, app::CommandBody body) {
            store_->submit({by, "town", std::nullopt, std::move(body)},
                           [&](const Result<app::Outcome>& outcome) {
                               if (!outcome) ++refused;
                               left.count_down();
                           });
        };
        std::vector<Town::House> houses;
        for (int i = 0; i < orgs; ++i) houses.push_back(build(submit));
        left.wait();
        if (refused > 0) throw std::runtime_error("the town was refused");
        return houses;
    }

 private:
    template <class IdType>
    IdType id() {
        return new_id<IdType>(clock_.now(), random_);
    }

    template <class Submit>
    Town::House build(const Submit& submit) {
        domain::CreateOrg org{id<OrgId>(), fmt::format("Org {}", ++orgs_), id<UserId>(), {}};
        for (std::size_t i = 0; i < domain::starter_categories().size(); ++i)
            org.starter_ids.push_back(id<CategoryId>());
        const domain::Principal by{org.id, org.operator_user, domain::Role::owner, {}, {}, {}};
        domain::AddProperty property;
        property.id = id<PropertyId>();
        property.name = "House";
        property.currency = *domain::Currency::parse("EUR");
        property.zone = "Europe/Lisbon";
        property.books_start_on = domain::BusinessDate::from_civil(2015, 1, 1);
        Town::House house{property.id.to_string(), app::new_token_text(random_)};
        app::CreateTokenWithSecret token{
            {id<TokenId>(), "bench", domain::Role::owner, {}, std::nullopt},
            app::token_hash(house.token)};
        submit(by, std::move(org));
        submit(by, std::move(property));
        submit(by, std::move(token));
        return house;
    }

    SystemClock clock_;
    SystemRandom random_;
    std::unique_ptr<app::Store> store_;
    int orgs_ = 0;
};

}  // namespace

Town::Town(int orgs) {
    std::filesystem::create_directory(data());
    Builder builder(data());
    while (std::ssize(houses_) < orgs) {
        const int wave = std::min(kWave, orgs - static_cast<int>(houses_.size()));
        for (House& each : builder.wave(wave)) houses_.push_back(std::move(each));
    }
}

}  // namespace daybook::bench
