// Asio's TLS, compiled once: its other half is in src/http/asio_impl.cpp.
#include <boost/asio/ssl/impl/src.hpp>
