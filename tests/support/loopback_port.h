// TCP ports of this machine's loopback address, for servers that tests and benchmarks start.
#pragma once

namespace daybook::test {

// One that nobody listens on. Throws std::runtime_error.
int free_port();
// The same, below those that the kernel gives to outgoing connections: whoever listened there and
// was killed finds it free again. Throws std::runtime_error.
int lasting_port();
// Whether somebody takes connections there.
bool is_listening(int port);

}  // namespace daybook::test
