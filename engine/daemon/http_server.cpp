// A connection is a small machine: read a request, have it answered by the pool, write the answer, again or
// close. All steps but the answering run in run()'s thread, so they need no lock.
#include "engine/daemon/http_server.hpp"

#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/target.hpp"
#include "engine/service/version.hpp"

namespace posterior::daemon {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using local = asio::local::stream_protocol;
using error_code = boost::system::error_code;
using service::log_category;
using service::log_entry;
using service::log_level;

service::response refusal(int status, const char* code, std::string text) {
  return service::problem_response(status, service::exit_code::usage, code, "", std::move(text));
}

service::response refusal_for(const error_code& error, const server_limits& limits, std::size_t body_bytes) {
  if (error == http::error::body_limit)
    return refusal(413, "http.body",
                   fault("the body", "too long", "at most " + std::to_string(body_bytes) + " bytes"));
  if (error == http::error::header_limit)
    return refusal(
        431, "http.head",
        fault("the head", "too long", "at most " + std::to_string(limits.header_bytes) + " bytes"));
  return refusal(400, "http.request", fault("the request", "not readable", "HTTP/1.1"));
}

// A client that went away, or was too slow, gets no answer.
bool worth_an_answer(const error_code& error) {
  return error.category() == make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

using http_response = http::response<http::string_body>;

http_response as_http(service::response&& given, bool keep_alive, unsigned version) {
  http_response out(static_cast<http::status>(given.status), version);
  out.set(http::field::server, "posterior/" + std::string(service::engine_version()));
  out.set(http::field::content_type, given.content_type);
  out.set(http::field::cache_control, "no-store");
  out.set("Posterior-Exit", std::to_string(given.exit_code));
  if (!given.notes.empty())
    out.set("Posterior-Notes", service::percent_encode(given.notes));
  out.keep_alive(keep_alive);
  out.body() = std::move(given.body);
  out.prepare_payload();
  return out;
}

} // namespace

class connection;

struct http_server::inside : std::enable_shared_from_this<http_server::inside> {
  inside(int listener, const server_limits& l, handler a, std::function<rights(int)> r, service::log_sink s)
      : limits(l)
      , answer(std::move(a))
      , rights_of(std::move(r))
      , log(std::move(s))
      , acceptor(io, local(), listener)
      , signals(io)
      , drain(io)
      , round(io)
      , pool(l.workers) {}

  void accept();
  void wait_for_signal();
  void go_round(std::chrono::milliseconds pause, std::function<void()> done);
  void stop();
  void left(const std::shared_ptr<connection>& one);
  service::response safe_answer(const service::request& asked, rights may) const;

  server_limits limits;
  handler answer;
  std::function<rights(int)> rights_of;
  service::log_sink log;
  std::function<void(int)> on_signal;
  asio::io_context io{1};
  local::acceptor acceptor;
  asio::signal_set signals;
  asio::steady_timer drain, round;
  std::set<std::shared_ptr<connection>> open;
  bool stopping = false;
  asio::thread_pool pool;
};

class connection : public std::enable_shared_from_this<connection> {
public:
  connection(http_server::inside& server, local::socket socket)
      : server_(server)
      , stream_(std::move(socket))
      , may_(server.rights_of(stream_.socket().native_handle())) {}

  void read();
  void refuse(service::response given);
  // Ends a connection that waits for a request; one with an answer under way ends after it.
  void finish_soon();
  void close();

private:
  void on_head(const error_code& error);
  void on_read(const error_code& error);
  void have_answered();
  void write(service::response&& given, bool keep_alive);
  void on_written(const error_code& error, bool keep_alive);

  http_server::inside& server_;
  beast::basic_stream<local> stream_;
  rights may_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http_response out_;
  std::size_t body_bytes_ = 0; // of the request at hand
  bool idle_ = true;
};

void connection::read() {
  idle_ = true;
  parser_.emplace();
  parser_->body_limit(boost::none); // known with the head
  parser_->header_limit(static_cast<std::uint32_t>(server_.limits.header_bytes));
  stream_.expires_after(std::chrono::milliseconds(server_.limits.read_ms));
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](const error_code& error, std::size_t) { self->on_head(error); });
}

// How long the body may be depends on what is asked, and on who asks.
void connection::on_head(const error_code& error) {
  const server_limits& limits = server_.limits;
  body_bytes_ = limits.body_bytes;
  if (error)
    return on_read(error);
  if (const auto target = parser_->get().target(); may_ == rights::administer && limits.body_bytes_of)
    body_bytes_ = limits.body_bytes_of({target.data(), target.size()});
  if (parser_->content_length().value_or(0) > body_bytes_)
    return on_read(http::error::body_limit);
  parser_->body_limit(body_bytes_);
  http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](const error_code& failed, std::size_t) { self->on_read(failed); });
}

void connection::on_read(const error_code& error) {
  idle_ = false;
  if (!error)
    return have_answered();
  if (worth_an_answer(error))
    return write(refusal_for(error, server_.limits, body_bytes_), false);
  close();
}

void connection::have_answered() {
  // The work guard keeps run() alive while only the pool is busy.
  auto guard = asio::make_work_guard(server_.io);
  auto& message = parser_->get();
  service::request asked{std::string(message.method_string()), std::string(message.target()),
                         std::string(message[http::field::accept]), std::move(message.body())};
  asio::post(server_.pool, [self = shared_from_this(), guard = std::move(guard), asked = std::move(asked)] {
    service::response given = self->server_.safe_answer(asked, self->may_);
    asio::post(self->server_.io, [self, given = std::move(given)]() mutable {
      self->write(std::move(given), self->parser_->get().keep_alive());
    });
  });
}

void connection::refuse(service::response given) {
  idle_ = false;
  parser_.emplace();
  write(std::move(given), false);
}

void connection::write(service::response&& given, bool keep_alive) {
  keep_alive = keep_alive && !server_.stopping;
  const unsigned version = parser_->is_header_done() ? parser_->get().version() : 11u;
  out_ = as_http(std::move(given), keep_alive, version);
  stream_.expires_after(std::chrono::milliseconds(server_.limits.write_ms));
  http::async_write(stream_, out_,
                    [self = shared_from_this(), keep_alive](const error_code& error, std::size_t) {
                      self->on_written(error, keep_alive);
                    });
}

void connection::on_written(const error_code& error, bool keep_alive) {
  if (!error && keep_alive && !server_.stopping)
    return read();
  close();
}

void connection::finish_soon() {
  if (idle_)
    close();
}

void connection::close() {
  error_code ignored;
  stream_.socket().shutdown(local::socket::shutdown_both, ignored);
  stream_.close();
  server_.left(shared_from_this());
}

void http_server::inside::accept() {
  acceptor.async_accept([self = shared_from_this()](const error_code& error, local::socket socket) {
    if (self->stopping || error == asio::error::operation_aborted)
      return;
    if (!error) {
      const bool full = self->open.size() >= self->limits.connections;
      const auto one = std::make_shared<connection>(*self, std::move(socket));
      self->open.insert(one);
      if (full)
        one->refuse(refusal(503, "http.busy",
                            fault("the number of connections", "at its limit",
                                  "at most " + std::to_string(self->limits.connections))));
      else
        one->read();
    } else {
      self->log(log_category::http, log_level::warning,
                log_entry("a connection could not be accepted").with("errno", error.value()));
    }
    self->accept();
  });
}

void http_server::inside::wait_for_signal() {
  signals.async_wait([self = shared_from_this()](const error_code& error, int number) {
    if (error)
      return;
    if (self->on_signal)
      self->on_signal(number);
    self->wait_for_signal();
  });
}

void http_server::inside::go_round(std::chrono::milliseconds pause, std::function<void()> done) {
  round.expires_after(pause);
  round.async_wait([self = shared_from_this(), pause, done = std::move(done)](const error_code& error) {
    if (error || self->stopping)
      return;
    asio::post(self->pool, done);
    self->go_round(pause, done);
  });
}

// What an exception says may hold case data, so it is neither told nor logged.
service::response http_server::inside::safe_answer(const service::request& asked, rights may) const {
  try {
    return answer(asked, may);
  } catch (const std::exception&) {
    log(log_category::http, log_level::error, log_entry("a request could not be answered"));
    return service::problem_response(500, service::exit_code::failed, "http.internal", "",
                                     "the request could not be answered: internal error");
  }
}

void http_server::inside::left(const std::shared_ptr<connection>& one) {
  open.erase(one);
  if (stopping && open.empty())
    drain.cancel();
}

void http_server::inside::stop() {
  if (stopping)
    return;
  stopping = true;
  error_code ignored;
  acceptor.close(ignored);
  signals.cancel(ignored);
  round.cancel();
  for (const auto& one : std::set(open))
    one->finish_soon();
  if (open.empty())
    return;
  drain.expires_after(std::chrono::milliseconds(limits.drain_ms));
  drain.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error)
      self->io.stop();
  });
}

http_server::http_server(int listener, const server_limits& limits, handler answer,
                         std::function<rights(int)> rights_of, service::log_sink log)
    : in_(std::make_shared<inside>(listener, limits, std::move(answer), std::move(rights_of),
                                   std::move(log))) {}

http_server::~http_server() {
  in_->pool.join();
  in_->open.clear();
}

void http_server::run() {
  in_->accept();
  in_->io.run();
  in_->pool.join();
}

void http_server::stop() {
  asio::post(in_->io, [in = in_] { in->stop(); });
}

void http_server::post(std::function<void()> done) {
  asio::post(in_->pool, std::move(done));
}

void http_server::every(std::chrono::milliseconds pause, std::function<void()> done) {
  in_->go_round(pause, std::move(done));
}

void http_server::on_signals(std::function<void(int)> each) {
  in_->on_signal = std::move(each);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    in_->signals.add(number);
  in_->wait_for_signal();
}

} // namespace posterior::daemon
