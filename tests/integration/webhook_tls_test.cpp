// Need: sockets on this machine. Goal: over https a webhook goes only to whom a trusted certificate
// names: not to a stranger's, not to another host's, and the request arrives whole. Seed: none.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "delivery/http/client.h"
#include "support/temporary_directory.h"

namespace daybook::test {
namespace {

using delivery::http::Client;
using delivery::http::Reach;

template <auto Free>
struct Freed {
    template <class Thing>
    void operator()(Thing* thing) const {
        Free(thing);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Freed<SSL_free>>;

// Signed by itself, for one name such as "IP:127.0.0.1", valid today.
Certificate certificate_for(const std::string& name, EVP_PKEY* key) {
    constexpr long kDay = 24 * 3'600;
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDay);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("receiver"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, name.c_str());
    X509_add_ext(certificate.get(), names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

// Answers one connection with 200 if the handshake succeeds, and keeps what it was sent.
class TlsReceiver {
 public:
    explicit TlsReceiver(const std::string& name)
        : key_(EVP_EC_gen("P-256")), certificate_(certificate_for(name, key_.get())) {
        context_.reset(SSL_CTX_new(TLS_server_method()));
        SSL_CTX_use_certificate(context_.get(), certificate_.get());
        SSL_CTX_use_PrivateKey(context_.get(), key_.get());
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener_, any, size), 0);
        EXPECT_EQ(::listen(listener_, 4), 0);
        EXPECT_EQ(::getsockname(listener_, any, &size), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve_one(); });
    }
    ~TlsReceiver() {
        ::shutdown(listener_, SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
        ::close(listener_);
    }
    TlsReceiver(const TlsReceiver&) = delete;
    TlsReceiver& operator=(const TlsReceiver&) = delete;

    [[nodiscard]] std::string url(const std::string& host) const {
        return "https://" + host + ":" + std::to_string(port_) + "/in";
    }
    void write_certificate(const std::string& path) const {
        std::FILE* file = std::fopen(path.c_str(), "w");
        ASSERT_NE(file, nullptr);
        PEM_write_X509(file, certificate_.get());
        std::fclose(file);
    }
    // What came before the end of the connection.
    std::string received() {
        thread_.join();
        return received_;
    }

 private:
    void serve_one() {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        const Connection tls(SSL_new(context_.get()));
        SSL_set_fd(tls.get(), connection);
        if (SSL_accept(tls.get()) == 1) {
            std::array<char, 4096> buffer{};
            while (received_.find("{\"a\":1}") == std::string::npos) {
                const int count =
                    SSL_read(tls.get(), buffer.data(), static_cast<int>(buffer.size()));
                if (count <= 0) break;
                received_.append(buffer.data(), static_cast<std::size_t>(count));
            }
            const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            (void)SSL_write(tls.get(), answer.data(), static_cast<int>(answer.size()));
        }
        ::close(connection);
    }

    Key key_;
    Certificate certificate_;
    Context context_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::string received_;
    std::thread thread_;
};

class WebhookTls : public testing::Test {
 protected:
    // OpenSSL's own way to say which certificates are trusted; read when the client is made.
    void trust(const TlsReceiver& receiver) {
        const std::string path = (directory_.path() / "trusted.pem").string();
        receiver.write_certificate(path);
        ::setenv("SSL_CERT_FILE", path.c_str(), 1);
    }
    ~WebhookTls() override { ::unsetenv("SSL_CERT_FILE"); }

    TemporaryDirectory directory_;
};

TEST_F(WebhookTls, ReachesWhomATrustedCertificateNames) {
    TlsReceiver receiver("IP:127.0.0.1");
    trust(receiver);
    Client client(Reach::also_private);
    const auto status = client.post({receiver.url("127.0.0.1"), {}, "{\"a\":1}"});
    ASSERT_TRUE(status.has_value()) << status.error().detail;
    EXPECT_EQ(*status, 200);
    EXPECT_NE(receiver.received().find("POST /in HTTP/1.1"), std::string::npos);
}

TEST_F(WebhookTls, TellsAStrangerNothing) {
    TlsReceiver receiver("IP:127.0.0.1");
    Client client(Reach::also_private);
    const auto status = client.post({receiver.url("127.0.0.1"), {}, "{\"a\":1}"});
    ASSERT_FALSE(status.has_value());
    EXPECT_NE(status.error().detail.find("certificate"), std::string::npos)
        << status.error().detail;
    EXPECT_EQ(receiver.received(), "");
}

TEST_F(WebhookTls, TellsAnotherHostNothing) {
    TlsReceiver receiver("DNS:elsewhere.example");
    trust(receiver);
    Client client(Reach::also_private);
    const auto status = client.post({receiver.url("localhost"), {}, "{\"a\":1}"});
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, ErrorCode::io_failed);
    EXPECT_EQ(receiver.received(), "");
}

}  // namespace
}  // namespace daybook::test
