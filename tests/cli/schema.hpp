// A small judge of JSON against the published schemas: the keywords that they use, and stricter than JSON
// Schema in two points that our outputs promise: no key that the schema does not name, and keys in its order.
#pragma once

#include <string>
#include <vector>

namespace posterior::tests {

// What is wrong with `json`, as "pointer: sentence"; empty if it follows its own `schema` member.
std::vector<std::string> judge(const std::string& json);

} // namespace posterior::tests
