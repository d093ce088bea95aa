// Judges a document against one of the editor's schemas, by the keywords that they use. Any thread.
#pragma once

#include <string>
#include <vector>

#include "kb/values/document.hpp"

namespace posterior::check_tests {

class schema_judge {
public:
  // A file of sdk/schema.
  explicit schema_judge(const std::string& name);

  // "pointer: sentence" for each thing that does not follow the schema, or that it says in a way that this
  // judge does not know.
  std::vector<std::string> faults(const node& document) const;
  const node& root() const { return root_; }
  // Behind "#/$defs/...".
  const node& behind(const node& schema) const;

private:
  node root_;
};

} // namespace posterior::check_tests
