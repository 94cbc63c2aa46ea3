// Compiles Boost.Beast once for the whole program (BOOST_BEAST_SEPARATE_COMPILATION).
//
// Why: as headers, every file that includes Beast would compile it again (15 s each).
#include <boost/beast/src.hpp>
