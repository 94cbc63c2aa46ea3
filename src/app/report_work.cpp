// Takes the time, and sees to it that there is an answer.
#include "app/report_work.h"

#include <exception>
#include <string>
#include <utility>

#include "base/log.h"

namespace daybook::app {

ReportWork::ReportWork(Read read, Land land, std::function<std::int64_t()> monotonic_us)
    : state_(std::make_unique<State>(
          State{std::move(read), std::move(land), std::move(monotonic_us)})) {}

ReportWork::~ReportWork() {
    if (state_) refuse(error(ErrorCode::internal, "The report could not be read; try again."));
}

void ReportWork::run() {
    const auto state = std::exchange(state_, nullptr);
    const std::int64_t begun_us = state->monotonic_us();
    Result<reports::SharedReport> report = fail(ErrorCode::internal, "");
    try {
        report = state->read();
    } catch (const std::exception& thrown) {
        log(LogLevel::error, std::string("a report failed unexpectedly: ") + thrown.what());
        report = fail(ErrorCode::internal, "The report could not be made; try again.");
    }
    state->land(std::move(report), state->monotonic_us() - begun_us);
}

void ReportWork::refuse(Error why) {
    const auto state = std::exchange(state_, nullptr);
    state->land(std::unexpected(std::move(why)), 0);
}

}  // namespace daybook::app
