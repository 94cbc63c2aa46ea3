// Random numbers for property tests.
#pragma once

#include <rapidcheck.h>

namespace daybook::test {

// From `first` up to, but not with, `end`, each as likely as another. rapidcheck's own inRange
// grows with the size of what is made, so that a short list hardly ever has the last of them.
template <class Number>
rc::Gen<Number> between(Number first, Number end) {
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, end));
}

inline rc::Gen<int> below(int end) {
    return between(0, end);
}

}  // namespace daybook::test
