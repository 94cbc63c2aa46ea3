// Its configuration, its start and its end.
#include "nchan.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace daybook::bench {
namespace {

constexpr std::string_view kConfiguration =
    R"(load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
user root;
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {0}/nginx.pid;
error_log {0}/error.log;
events {{ worker_connections 15000; }}
http {{
    access_log off;
    client_body_temp_path {0}/body;
    proxy_temp_path {0}/proxy;
    fastcgi_temp_path {0}/fastcgi;
    uwsgi_temp_path {0}/uwsgi;
    scgi_temp_path {0}/scgi;
    keepalive_requests 1000000;
    nchan_shared_memory_size 256m;
    server {{
        listen 127.0.0.1:{1} backlog=20000;
        location = /sub {{
            nchan_subscriber eventsource;
            nchan_channel_id bench;
            nchan_subscriber_first_message newest;
        }}
        location = /pub {{
            nchan_publisher http;
            nchan_channel_id bench;
            nchan_message_buffer_length 10;
        }}
    }}
}}
)";

// The first child of a process; -1 while there is none.
pid_t child_of(pid_t pid) {
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", pid));
    pid_t child = -1;
    children >> child;
    return children ? child : -1;
}

}  // namespace

Nchan::Nchan() : port_(free_port()) {
    const std::string configuration = (directory_.path() / "nginx.conf").string();
    std::ofstream(configuration) << fmt::format(fmt::runtime(kConfiguration),
                                                directory_.path().string(), port_);
    master_.emplace(
        std::vector<std::string>{"nginx", "-p", directory_.path().string(), "-c", configuration},
        port_, "install nginx-light and libnginx-mod-nchan");
    // Whoever answers is the worker.
    (void)test::HttpClient::connect_tcp(static_cast<std::uint16_t>(port_)).request("GET", "/");
    worker_ = child_of(master_->pid());
}

std::string Nchan::subscribe_request() const {
    return "GET /sub HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
}

void Nchan::publish(test::HttpClient& client, std::string_view message) {
    const auto answer = client.request("POST", "/pub", "Content-Type: text/plain\r\n", message);
    if (!answer || answer->status / 100 != 2) throw std::runtime_error("nchan took no message");
}

}  // namespace daybook::bench
