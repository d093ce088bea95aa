#include "engine/service/answer.hpp"

#include <charconv>
#include <cmath>

#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "kb/show.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {

form form_of(std::string_view accept) {
  if (accept.starts_with("text/html"))
    return form::html;
  return accept.starts_with("text/plain") ? form::text : form::json;
}

report::look look_of(const target& where) {
  report::look look;
  const number_read width = read_number(where, "width", 40, 200);
  if (width.value)
    look.width = static_cast<int>(*width.value);
  const std::string* colour = where.find("colour");
  look.colour = colour != nullptr && *colour == "1";
  return look;
}

response drawn(const report::sheet& page, const call& c, std::string_view title) {
  if (form_of(c.asked.accept) == form::html)
    return {200, 0, "text/html; charset=utf-8", report::render_html(page, title), {}};
  return text_answer(report::render_text(page, look_of(c.where)));
}

response json_answer(std::string body) {
  return {200, 0, "application/json", std::move(body), {}};
}

response text_answer(std::string body) {
  return {200, 0, "text/plain; charset=utf-8", std::move(body), {}};
}

number_read read_number(const target& where, std::string_view name, double low, double high) {
  const std::string* text = where.find(name);
  if (text == nullptr)
    return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  const bool whole = error == std::errc() && end == text->data() + text->size();
  if (whole && std::isfinite(value) && value >= low && value <= high)
    return {value, {}};
  return {{},
          usage_problem(name, *text, "a number from " + format_number(low) + " to " + format_number(high))};
}

response usage_problem(std::string_view name, std::string_view found, std::string_view needed,
                       std::string hint) {
  return problem_response(400, exit_code::usage, "request.usage", "",
                          fault(name, "\"" + quoted(found) + "\"", needed), std::move(hint));
}

response unknown_problem(std::string_view what, std::string_view found, std::string hint) {
  return problem_response(404, exit_code::failed, "request.unknown-id", "",
                          fault(what, "\"" + quoted(found) + "\"", "one that the knowledge base has"),
                          std::move(hint));
}

response unknown_id_problem(const std::string& id, const kb::snapshot& knowledge) {
  if (const kb::retirement* gone = knowledge.find_retirement(id))
    return problem_response(404, exit_code::failed, "request.retired-id", "",
                            fault("the id",
                                  "\"" + quoted(id) + "\", which is retired" +
                                      (gone->reason.empty() ? "" : " (" + gone->reason + ")"),
                                  "one that is in use"),
                            gone->replaced_by.empty() ? "nothing took its place"
                                                      : "\"" + gone->replaced_by + "\" took its place");
  const std::vector<std::string> near = kb::near_ids(knowledge, id);
  return unknown_problem("the id", id,
                         did_you_mean(near.empty() ? std::string_view{} : std::string_view(near.front())));
}

std::string did_you_mean(std::string_view nearest) {
  return nearest.empty() ? std::string() : "did you mean \"" + std::string(nearest) + "\"?";
}

} // namespace posterior::service
