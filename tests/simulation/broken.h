// How the simulation says that an invariant does not hold.
#pragma once

#include <stdexcept>
#include <string>

namespace daybook::simulation {

class Broken : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

inline void require(bool holds, const std::string& invariant) {
    if (!holds) throw Broken(invariant);
}

}  // namespace daybook::simulation
