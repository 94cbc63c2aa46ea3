// Sockets, and the check of a signature by OpenSSL's own base64 and HMAC.
#include "support/webhook_receiver.h"

#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <chrono>
#include <stdexcept>

namespace daybook::test {

std::string answer_with(int status) {
    return "HTTP/1.1 " + std::to_string(status) + " Answer\r\nContent-Length: 0\r\n\r\n";
}

WebhookReceiver::WebhookReceiver(int status)
    : WebhookReceiver([status](const Received&) { return answer_with(status); }) {}

WebhookReceiver::WebhookReceiver(Answer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    constexpr int kBacklog = 64;
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, kBacklog) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
        throw std::runtime_error("The receiver could not listen.");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

WebhookReceiver::~WebhookReceiver() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    for (const int each : held_) ::close(each);
}

void WebhookReceiver::serve() {
    for (;;) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        const auto received = read(connection);
        if (!received) {
            ::close(connection);
            continue;
        }
        {
            const std::lock_guard lock(mutex_);
            received_.push_back(*received);
        }
        came_.notify_all();
        const auto answer = answer_(*received);
        if (!answer) {
            held_.push_back(connection);
            continue;
        }
        (void)::send(connection, answer->data(), answer->size(), MSG_NOSIGNAL);
        ::close(connection);
    }
}

std::optional<Received> WebhookReceiver::read(int connection) {
    std::string bytes;
    std::array<char, 4096> buffer{};
    std::size_t head_end = std::string::npos;
    std::size_t body_size = 0;
    Received received;
    while (head_end == std::string::npos || bytes.size() < head_end + body_size) {
        const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (count <= 0) return std::nullopt;
        bytes.append(buffer.data(), static_cast<std::size_t>(count));
        const bool had_head = head_end != std::string::npos;
        if (had_head || bytes.find("\r\n\r\n") == std::string::npos) continue;
        head_end = bytes.find("\r\n\r\n") + 4;
        std::size_t at = bytes.find("\r\n");
        received.line = bytes.substr(0, at);
        while (at + 4 < head_end) {
            const std::size_t begin = at + 2;
            at = bytes.find("\r\n", begin);
            const std::size_t colon = bytes.find(": ", begin);
            std::string name = bytes.substr(begin, colon - begin);
            for (char& c : name) c = static_cast<char>(std::tolower(c));
            received.headers[name] = bytes.substr(colon + 2, at - colon - 2);
        }
        body_size = std::stoul(received.headers["content-length"]);
    }
    received.body = bytes.substr(head_end);
    return received;
}

std::vector<Received> WebhookReceiver::wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, std::chrono::seconds(kPatienceSeconds),
                   [&] { return received_.size() >= count; });
    return received_;
}

bool is_signed(const Received& received, const std::string& secret) {
    constexpr std::string_view kPrefix = "whsec_";
    if (!secret.starts_with(kPrefix)) return false;
    const std::string key_text = secret.substr(kPrefix.size());
    std::array<unsigned char, 128> key{};
    int key_size =
        EVP_DecodeBlock(key.data(), reinterpret_cast<const unsigned char*>(key_text.data()),
                        static_cast<int>(key_text.size()));
    for (std::size_t i = key_text.size(); i > 0 && key_text[i - 1] == '='; --i) --key_size;
    const auto header = [&](const std::string& name) {
        const auto found = received.headers.find(name);
        return found == received.headers.end() ? std::string() : found->second;
    };
    const std::string text =
        header("webhook-id") + "." + header("webhook-timestamp") + "." + received.body;
    std::array<unsigned char, 32> code{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), key_size, reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), code.data(), &size);
    std::array<unsigned char, 64> base64{};
    EVP_EncodeBlock(base64.data(), code.data(), static_cast<int>(code.size()));
    return header("webhook-signature") ==
           "v1," + std::string(reinterpret_cast<char*>(base64.data()));
}

}  // namespace daybook::test
