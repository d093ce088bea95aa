// Claims, sources, tensions and what is said twice, for programs and for people. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/report/sheet.hpp"
#include "kb/evidence.hpp"
#include "kb/overlaps.hpp"

namespace posterior::report {

// Schemas posterior.kb-claims/1, kb-sources/1, kb-tensions/1, kb-overlaps/1.
std::string claims_json(const std::vector<kb::listed_claim>& list, const kb::narrowing& only,
                        const kb::snapshot& s);
std::string sources_json(const std::vector<kb::listed_source>& list, const kb::narrowing& only,
                         const kb::snapshot& s);
std::string tensions_json(const std::vector<kb::listed_tension>& list, const kb::narrowing& only,
                          const kb::snapshot& s);
std::string overlaps_json(const std::vector<kb::overlap>& list, const kb::narrowing& only,
                          const kb::snapshot& s);

sheet claims_sheet(const std::vector<kb::listed_claim>& list, const kb::snapshot& s);
sheet sources_sheet(const std::vector<kb::listed_source>& list);
sheet tensions_sheet(const std::vector<kb::listed_tension>& list, const kb::snapshot& s);
sheet overlaps_sheet(const std::vector<kb::overlap>& list, const kb::snapshot& s);

} // namespace posterior::report
