// The benchmarks: each measures its figures, interleaved with their baselines. Failures throw
// std::runtime_error.
#pragma once

#include <vector>

#include "figure.h"

namespace daybook::bench {

std::vector<Figure> measure_binary_size();
std::vector<Figure> measure_ready();
std::vector<Figure> measure_idle_memory();
std::vector<Figure> measure_append_http();
std::vector<Figure> measure_append_bulk();
std::vector<Figure> measure_flood();
std::vector<Figure> measure_import();
std::vector<Figure> measure_rebuild();
std::vector<Figure> measure_verify();
std::vector<Figure> measure_report_growth();
std::vector<Figure> measure_edit_growth();
// Also the memory, the size of the file, verifying and rebuilding.
std::vector<Figure> measure_upkeep_growth();
std::vector<Figure> measure_append_growth();
std::vector<Figure> measure_cold_report_growth();
std::vector<Figure> measure_cached_report_growth();
std::vector<Figure> measure_orgs_growth();
std::vector<Figure> measure_stream_growth();
std::vector<Figure> measure_stream_latency();
std::vector<Figure> measure_stream_rate();
std::vector<Figure> measure_stream_crowd();
std::vector<Figure> measure_screen_to_screen();
std::vector<Figure> measure_daily_usable();
std::vector<Figure> measure_cached_report();
std::vector<Figure> measure_cached_vs_scan();
// Also report_queries_saved.
std::vector<Figure> measure_hit_rate();
std::vector<Figure> measure_pocketbase_writes();
std::vector<Figure> measure_pocketbase_reads();
std::vector<Figure> measure_message_db();
std::vector<Figure> measure_nodes();
// One org alone, and a thousand together.
std::vector<Figure> measure_postgres_append();
std::vector<Figure> measure_postgres_message_db();

}  // namespace daybook::bench
