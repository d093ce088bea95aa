// Reads the JSON that `debug infer` takes (engine/service/schema/network.schema.json) into a question. Pure;
// any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/inference/question.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::inference {

inline constexpr std::size_t network_bytes_limit = std::size_t{8} << 20;
inline constexpr std::size_t network_nodes_limit = 50'000;
inline constexpr std::size_t network_rows_limit = 200'000; // of links, pairs, evidence, ... each
inline constexpr std::size_t grades_limit = 16;

struct question_read {
  std::optional<network_question> value; // empty if there is any problem
  diagnostics problems;                  // each with the JSON pointer of what is wrong; the first twenty
};

// `file` is the name that places carry. Everything that is not understood is a problem; nothing is passed
// over. Loops are not looked for.
question_read read_question(std::string_view bytes, const std::string& file);

} // namespace posterior::inference
