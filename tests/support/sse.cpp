// Field by field, frame by frame.
#include "support/sse.h"

namespace daybook::test {
namespace {

void take_field(SseFrame& frame, std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos) return;
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "event") frame.event = value;
    if (name == "id") frame.id = value;
    if (name == "retry") frame.retry = value;
    if (name != "data") return;
    if (!frame.data.empty()) frame.data += '\n';
    frame.data += value;
}

}  // namespace

long SseFrame::position() const {
    return id.empty() ? -1 : std::stol(id);
}

std::vector<SseFrame> take_sse_frames(std::string& text) {
    std::vector<SseFrame> frames;
    std::size_t begin = 0;
    for (auto end = text.find("\n\n"); end != std::string::npos; end = text.find("\n\n", begin)) {
        SseFrame frame;
        std::string_view rest = std::string_view(text).substr(begin, end - begin);
        while (!rest.empty()) {
            const std::size_t line_end = std::min(rest.find('\n'), rest.size());
            take_field(frame, rest.substr(0, line_end));
            rest.remove_prefix(std::min(line_end + 1, rest.size()));
        }
        frames.push_back(std::move(frame));
        begin = end + 2;
    }
    text.erase(0, begin);
    return frames;
}

}  // namespace daybook::test
