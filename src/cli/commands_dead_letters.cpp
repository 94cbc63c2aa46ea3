// daybook dead-letters: what could not be delivered, and what becomes of it.
#include <CLI/Option.hpp>

#include "base/json_writer.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/lookup.h"
#include "cli/value_options.h"
#include "cli/write_access.h"

namespace daybook::cli {
namespace {

struct DeadLetterOptions : DataOption {
    std::string org;
    DeadLetterId id;
    std::string subscription;
    std::string reason;
};

Error no_such_letter() {
    return error(ErrorCode::not_found,
                 "There is no such dead letter; daybook dead-letters list shows them.");
}

std::string line_of(const app::DeadLetter& letter) {
    const bool redriving = letter.state == app::DeadLetterState::redriving;
    return letter.id.to_string() + "  " + letter.subscription + "  " + letter.event_type + "  " +
           letter.entity_type + "/" + letter.entity.to_string() + "  position " +
           std::to_string(letter.position) + "  " +
           (redriving ? "redriving" : std::to_string(letter.attempts) + " attempts") + "  " +
           letter.last_at.to_string() + "  " + letter.last_error + "\n";
}

Result<int> list_letters(Session& session, const DeadLetterOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const auto snapshot = TRY(store->snapshot(org.id));
    app::DeadLetterFilter filter{options.subscription, std::nullopt, limits::kPageMax};
    for (bool is_more = true; is_more;) {
        const app::DeadLetterPage page = TRY(snapshot->dead_letters(filter));
        for (const app::DeadLetter& each : page.letters) TRY(session.console.print(line_of(each)));
        filter.after = page.next;
        is_more = page.next.has_value();
    }
    return kExitDone;
}

Result<int> show_letter(Session& session, const DeadLetterOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const auto snapshot = TRY(store->snapshot(org.id));
    const auto letter = TRY(snapshot->dead_letter(options.id));
    if (!letter) return fail(no_such_letter());
    TRY(session.console.print(line_of(*letter)));
    for (const auto& event : TRY(snapshot->log(letter->position - 1, 1)))
        TRY(session.console.print(event.bytes + "\n"));
    return kExitDone;
}

Result<int> end_letter(Session& session, const DeadLetterOptions& options, std::string_view act) {
    OrgId org;
    {
        const auto store = TRY(open_books(session, options));
        org = TRY(find_org(*store, options.org)).id;
    }
    ApiRequest request{
        "POST",
        "/v1/finance/dead-letters/" + options.id.to_string() + "/" + std::string(act),
        org,
        {}};
    JsonWriter json(request.body);
    json.begin_object();
    if (!options.reason.empty()) json.key("reason").string(options.reason);
    json.end_object();
    const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
    TRY(call_json(access.call(), request));
    return kExitDone;
}

Result<int> redrive_letter(Session& session, const DeadLetterOptions& options) {
    TRY(end_letter(session, options, "redrive"));
    session.console.say("It is delivered again by the running server, or by the next start.");
    return kExitDone;
}

Result<int> discard_letter(Session& session, const DeadLetterOptions& options) {
    TRY(end_letter(session, options, "discard"));
    session.console.say("Discarded. What waited behind it is delivered now.");
    return kExitDone;
}

void add_common_options(CLI::App& app, DeadLetterOptions& options) {
    add_data_option(app, options.data);
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
}

void add_id(CLI::App& app, DeadLetterOptions& options) {
    const auto parse = [](std::string_view text) { return DeadLetterId::parse(text); };
    add_value(app, "id", "The dead letter's id", options.id, parse,
              {"id of a dead letter", "daybook dead-letters list shows them."})
        ->type_name("ID")
        ->required();
}

}  // namespace

void add_dead_letter_commands(CommandLine& line) {
    CLI::App* letters = line.root.add_subcommand(
        "dead-letters", "List, show, redrive and discard events that could not be delivered");
    letters->require_subcommand(1);
    const auto list =
        add_command<DeadLetterOptions>(line, *letters, "list", "List them, the oldest first",
                                       "daybook dead-letters list --data DIR", list_letters);
    add_common_options(*list.app, *list.options);
    list.app->add_option("--subscription", list.options->subscription, "Only of this one");

    const auto show = add_command<DeadLetterOptions>(
        line, *letters, "show", "Show one, and the bytes of its event",
        "daybook dead-letters show --data DIR ID", show_letter);
    add_common_options(*show.app, *show.options);
    add_id(*show.app, *show.options);

    const auto redrive = add_command<DeadLetterOptions>(
        line, *letters, "redrive", "Deliver it again; what waits behind it follows",
        "daybook dead-letters redrive --data DIR ID", redrive_letter);
    add_common_options(*redrive.app, *redrive.options);
    add_id(*redrive.app, *redrive.options);

    const auto discard = add_command<DeadLetterOptions>(
        line, *letters, "discard", "Give it up for good; what waits behind it is delivered",
        "daybook dead-letters discard --data DIR ID --reason \"The receiver is gone\"",
        discard_letter);
    add_common_options(*discard.app, *discard.options);
    add_id(*discard.app, *discard.options);
    add_words(*discard.app, "--reason", "Why", discard.options->reason)->required();
}

}  // namespace daybook::cli
