// Writes the configuration, starts the program, and waits until it listens.
#include "nginx.h"

#include <fmt/format.h>

#include <fstream>
#include <vector>

namespace daybook::bench {
Nginx::Nginx(const std::filesystem::path& folder, int workers, std::string_view server,
             std::string_view modules)
    : port_(free_port()),
      configuration_(fmt::format(R"({}user root;
daemon off;
worker_processes {};
worker_rlimit_nofile 20000;
pid {}/nginx.pid;
error_log {}/error.log crit;
events {{ worker_connections 16000; multi_accept on; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_timeout 300s;
    keepalive_requests 100000000;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    types {{ application/json json; }}
    server {{
        listen 127.0.0.1:{} backlog=4096;
        {}
    }}
}}
)",
                                 modules, workers, folder.string(), folder.string(), port_,
                                 server)) {
    const auto file = folder / fmt::format("nginx-{}.conf", port_);
    std::ofstream(file) << configuration_;
    process_.emplace(std::vector<std::string>{"nginx", "-c", file.string()}, port_,
                     "install nginx-light");
}

}  // namespace daybook::bench
