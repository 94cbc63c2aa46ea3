// What must hold of finished books: their tables are a fold of their log (I1), and every report is
// what plain loops over the entries say (I7).
#pragma once

#include "app/command_service.h"
#include "support/test_org.h"

namespace daybook::simulation {

// Broken: they differ.
void check_books(const test::TestOrg& org, const app::Environment& environment);

}  // namespace daybook::simulation
