// The few names of Asio that the server uses, with the executor's real type: a type-erased one
// costs a virtual call per operation.
//
// Only server.cpp and session.cpp include this; Asio is heavy. No co_await inside ?: or a braced
// list, and no TRY in a coroutine (design, section 12 and base/result.h).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace daybook::http {

namespace asio = boost::asio;

using ErrorNumber = boost::system::error_code;
using Executor = asio::io_context::executor_type;
// TCP and Unix sockets alike, so that a session is one class and no template.
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;

template <class T = void>
using Task = asio::awaitable<T, Executor>;

inline constexpr asio::use_awaitable_t<Executor> use_task;

}  // namespace daybook::http
