// Every coding of every file is made ready once; a request only chooses.
#include "http/console_assets.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/hex.h"
#include "embedded/http_console.h"
#include "http/problem.h"

namespace daybook::http {
namespace {

constexpr std::string_view kPage = "index.html";

// No unsafe-inline anywhere: styles are files, and what scripts set they set through the CSSOM.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' "
    "data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTypes = {
    {{".html", "text/html; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".svg", "image/svg+xml"},
     {".woff2", "font/woff2"}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kCodings = {
    {{"br", ".br"}, {"gzip", ".gz"}}};  // the smaller first

std::string type_of(std::string_view name) {
    for (const auto& [ending, type] : kTypes) {
        if (name.ends_with(ending)) return std::string(type);
    }
    return "application/octet-stream";
}

std::string etag_of(std::string_view bytes, std::string_view coding) {
    const Hash hash = sha256({as_bytes(bytes)});
    const std::string suffix = coding.empty() ? "" : "-" + std::string(coding);
    return "\"" + to_hex(std::span(hash).first(12)) + suffix + "\"";
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// Calls found(item) for each item of a comma-separated header, trimmed, until it says true.
template <class Found>
bool any_item(std::string_view list, Found&& found) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        if (found(trimmed(list.substr(0, end)))) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

// Whether the client takes that coding (RFC 9110, 12.5.3); a weight of zero refuses it.
bool accepts(const Request& request, std::string_view coding) {
    const auto header = request.header("accept-encoding");
    if (!header) return false;
    return any_item(*header, [&](std::string_view item) {
        const std::size_t semicolon = std::min(item.find(';'), item.size());
        if (trimmed(item.substr(0, semicolon)) != coding) return false;
        const std::string_view weight = trimmed(item.substr(std::min(semicolon + 1, item.size())));
        return weight.empty() || weight.find_first_of("123456789") != std::string_view::npos;
    });
}

bool is_known(const Request& request, std::string_view etag) {
    const auto header = request.header("if-none-match");
    if (!header) return false;
    return any_item(*header, [&](std::string_view item) {
        if (item.starts_with("W/")) item.remove_prefix(2);
        return item == etag || item == "*";
    });
}

std::vector<ConsoleFile> copy_of_embedded() {
    std::vector<ConsoleFile> files;
    for (const auto& file : embedded::http_console::files())
        files.push_back({file.name, file.text});
    return files;
}

}  // namespace

std::span<const ConsoleFile> embedded_console() {
    static const std::vector<ConsoleFile> files = copy_of_embedded();
    return files;
}

ConsoleAssets::ConsoleAssets(Handler& next, std::span<const ConsoleFile> files) : next_(next) {
    for (const ConsoleFile& file : files) {
        std::string_view name = file.name;
        std::string_view coding;
        for (const auto& [each, ending] : kCodings) {
            if (!name.ends_with(ending)) continue;
            name.remove_suffix(ending.size());
            coding = each;
        }
        Asset& asset = assets_[std::string(name)];
        asset.content_type = type_of(name);
        asset.codings[std::string(coding)] = {std::make_shared<const std::string>(file.text),
                                              etag_of(file.text, coding)};
    }
}

void ConsoleAssets::handle(Request request, Respond respond) {
    const bool is_read = request.method == Method::get || request.method == Method::head;
    if (is_read && request.segments.empty()) return respond(answer(request, kPage));
    if (is_read && request.segments.size() == 2 && request.segments.front() == "assets") {
        return respond(answer(request, request.segments.back()));
    }
    next_.handle(std::move(request), std::move(respond));
}

Response ConsoleAssets::answer(const Request& request, std::string_view name) const {
    const auto found = assets_.find(name);
    if (found == assets_.end() || !found->second.codings.contains("")) {
        return problem(error(ErrorCode::not_found,
                             name == kPage
                                 ? "This build has no console; see /openapi.json for the API."
                                 : "There is no such file; the page at / names those it loads."));
    }
    const Asset& asset = found->second;
    std::string coding;
    for (const auto& [each, ending] : kCodings) {
        if (!coding.empty() || !asset.codings.contains(each)) continue;
        if (accepts(request, each)) coding = each;
    }
    const Coded& coded = asset.codings.at(coding);

    Response response;
    response.headers = {{"ETag", coded.etag}, {"Vary", "Accept-Encoding"}};
    if (name == kPage) {
        response.headers.push_back({"Cache-Control", "no-cache"});
        response.headers.push_back({"Content-Security-Policy", std::string(kPolicy)});
        response.headers.push_back({"Referrer-Policy", "no-referrer"});
        response.headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
        response.headers.push_back(
            {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"});
    } else {
        response.headers.push_back({"Cache-Control", "public, max-age=31536000, immutable"});
    }
    if (is_known(request, coded.etag)) {
        response.status = 304;
        return response;
    }
    if (!coding.empty()) response.headers.push_back({"Content-Encoding", coding});
    response.content_type = asset.content_type;
    response.shared_body = coded.bytes;
    return response;
}

}  // namespace daybook::http
