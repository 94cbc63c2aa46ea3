// What the handlers share, and the handlers of orgs, properties, categories, tokens and balances.
#include "app/execution.h"

#include <utility>

#include "app/business_day.h"
#include "base/check.h"
#include "base/time_zone.h"

namespace daybook::app {

using namespace domain;

Execution::Execution(UnitOfWork& work, const Command& command, Principal principal, Instant now)
    : work_(work),
      command_(command),
      principal_(std::move(principal)),
      by_{principal_.org,     principal_.user,     principal_.via,
          principal_.address, command.correlation, now},
      now_(now) {}

Result<std::vector<Item>> Execution::run() {
    return std::visit(*this, command_.body);
}

Result<Execution::AtProperty> Execution::at(PropertyId id) {
    const Property* property = TRY(writable_property(work_, principal_, id));
    const Counters counters = TRY(work_.counters({principal_.org, id}));
    const BusinessDate today = TRY(business_date_now(*property, now_));
    return AtProperty{*property, counters, today, TRY(locked_through(id))};
}

Result<Context> Execution::context() {
    if (!org_) {
        const Org* org = TRY(work_.org(principal_.org));
        if (org == nullptr) return fail(ErrorCode::not_found, "There is no such org.");
        org_ = *org;
    }
    return Context{principal_, *org_, now_};
}

Result<Position> Execution::append(Event event) {
    return work_.append(by_, std::move(event));
}

Result<std::vector<Item>> Execution::operator()(const RecordCount& command) {
    const AtProperty place = TRY(at(command.property));
    RecordCount record = command;
    if (record.account == Account::cash) {
        record.basis_minor = TRY(count_basis(place.property, record.date));
    }
    Event event = TRY(decide(place.state(), record, TRY(context())));
    const Count count = std::get<CountRecorded>(event.payload).count;
    return append_one(std::move(event), [&]() -> Result<Entity> { return count; });
}

Result<std::vector<Item>> Execution::operator()(const PostCorrection& command) {
    const AtProperty place = TRY(at(command.property));
    Event event = TRY(decide(place.state(), command, TRY(context())));
    const Adjustment adjustment = std::get<AdjustmentPosted>(event.payload).adjustment;
    return append_one(std::move(event), [&]() -> Result<Entity> { return adjustment; });
}

Result<std::vector<Item>> Execution::operator()(const DeclareOpening& command) {
    const AtProperty place = TRY(at(command.property));
    Event event = TRY(decide(place.state(), command, TRY(context())));
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.property({principal_.org, command.property}));
    });
}

Result<std::vector<Item>> Execution::operator()(const CreateOrg& command) {
    if (principal_.via.kind != ViaKind::cli) {
        return fail(ErrorCode::forbidden,
                    "Orgs are made on the machine itself: daybook org create.");
    }
    const Position first = TRY(work_.head(command.id)).position + 1;
    TRY(found_org(command));
    std::vector<Item> items;
    items.push_back(Item{Entity(*TRY(work_.org(command.id))), first});
    return items;
}

Status Execution::found_org(const CreateOrg& command) {
    if (TRY(work_.org(command.id)) != nullptr)
        return fail(ErrorCode::already_exists, "The org exists.");
    const Org none;
    std::vector<Event> events = TRY(decide(command, Context{principal_, none, now_}));
    for (Event& event : events) TRY(append(std::move(event)));
    return {};
}

Result<std::vector<Item>> Execution::operator()(const ChangeSettings& command) {
    const Context context = TRY(this->context());
    std::size_t approvers = 0;
    if (command.four_eyes_above_minor) {
        const auto properties = TRY(TRY(work_.source(principal_.org))->properties());
        approvers = fewest_approvers(TRY(work_.users(principal_.org)), properties, now_);
    }
    Event event = TRY(decide(approvers, command, context));
    return append_one(std::move(event),
                      [&]() -> Result<Entity> { return *TRY(work_.org(principal_.org)); });
}

Result<std::vector<Item>> Execution::operator()(const AddProperty& command) {
    const Context context = TRY(this->context());
    if (!principal_.administers()) {
        return fail(ErrorCode::forbidden,
                    "Only an owner or an admin of all properties adds properties.");
    }
    NewPropertyState state;
    state.same_name = TRY(work_.property_by_name({principal_.org, command.name}));
    state.zone_exists = time_zone_exists(command.zone);
    if (state.zone_exists) {
        state.today_there =
            business_date(TRY(wall_clock(now_, command.zone)), command.cutoff_minutes);
    }
    Event event = TRY(decide(state, command, context));
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.property({principal_.org, command.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const UpdateProperty& command) {
    const AtProperty place = TRY(at(command.id));
    if (!principal_.approves(command.id)) {
        return fail(ErrorCode::forbidden, "Only an owner or admin of the property changes it.");
    }
    std::optional<PropertyId> same_name;
    if (command.name) {
        same_name = TRY(work_.property_by_name({principal_.org, *command.name}));
        if (same_name == command.id) same_name.reset();
    }
    const bool zone_exists = !command.zone || time_zone_exists(*command.zone);
    Event event = TRY(decide(PropertyUpdateState{place.state(), same_name, zone_exists}, command,
                             TRY(context())));
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.property({principal_.org, command.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const AddCategory& command) {
    const Category* same = TRY(work_.category_by_key({principal_.org, command.kind, command.key}));
    Event event = TRY(decide(same, command, TRY(context())));
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.category({principal_.org, command.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const UpdateCategory& command) {
    const Category* category = TRY(work_.category({principal_.org, command.id}));
    if (category == nullptr)
        return fail(ErrorCode::not_found, "There is no such category or source.");
    const Category before = *category;
    const Category* target = nullptr;
    if (command.merge_into) {
        target = TRY(work_.category_by_key({principal_.org, before.kind, *command.merge_into}));
    }
    Event event = TRY(decide(CategoryState{before, target}, command, TRY(context())));
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.category({principal_.org, command.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const CreateTokenWithSecret& command) {
    for (const PropertyId id : command.token.scope.properties) {
        TRY(visible_property(work_, principal_, id));
    }
    Event event = TRY(decide(command.token, TRY(context())));
    work_.keep_credential({command.secret_hash, principal_.org, command.token.id});
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.token({principal_.org, command.token.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const RevokeToken& command) {
    const Token* token = TRY(work_.token({principal_.org, command.id}));
    if (token == nullptr) return fail(ErrorCode::not_found, "There is no such token.");
    const Token before = *token;
    Event event = TRY(decide(before, command, TRY(context())));
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.token({principal_.org, command.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const ScopeToken& command) {
    const Token* token = TRY(work_.token({principal_.org, command.id}));
    if (token == nullptr) return fail(ErrorCode::not_found, "There is no such token.");
    const Token before = *token;
    for (const PropertyId id : command.scope.properties)
        TRY(visible_property(work_, principal_, id));
    Event event = TRY(decide(before, command, TRY(context())));
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.token({principal_.org, command.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const ImportCommitted& command) {
    if (!principal_.administers() && !principal_.trusted) {
        return fail(ErrorCode::forbidden, "Only an owner or an admin of all properties imports.");
    }
    TRY(context());
    Event event{EventType::import_committed,
                std::nullopt,
                EntityRef{EntityType::import, command.id},
                command,
                {}};
    return append_one(std::move(event), [&]() -> Result<Entity> { return command; });
}

}  // namespace daybook::app
