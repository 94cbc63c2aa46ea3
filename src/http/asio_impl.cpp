// Compiles Boost.Asio once for the whole program (BOOST_ASIO_SEPARATE_COMPILATION).
//
// Why: as headers, every file that includes Asio would compile it again.
#include <boost/asio/impl/src.hpp>
