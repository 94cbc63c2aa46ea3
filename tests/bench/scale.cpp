// One variable, written before anything reads it.
#include "scale.h"

namespace daybook::bench {
namespace {

Scale chosen = Scale::full;

}  // namespace

void choose_scale(Scale scale) {
    chosen = scale;
}

Scale scale() {
    return chosen;
}

}  // namespace daybook::bench
