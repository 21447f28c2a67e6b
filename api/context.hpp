// What a handler is given: the request, who asks, and the parts of the daemon it may use.
#pragma once

#include "api/event_feed.hpp"
#include "api/explanation.hpp"
#include "api/failed_tokens.hpp"
#include "api/message.hpp"
#include "api/query.hpp"
#include "api/schema_text.hpp"
#include "api/server.hpp"
#include "api/streaming.hpp"
#include "api/user_name.hpp"
#include "store/store.hpp"

#include <memory>

namespace hourglass::api {

struct Environment {
    store::Store& store;
    Settings settings;
    Health health;
    Log& log;
    EventFeed& events;
    ExplainLogin explain_login{};  // what may change is swapped whole with it
    JudgeRules judge_rules{};
    WhyUnusable why_unusable{};  // the same
    OpenTrace open_trace{};      // likewise
    FailedTokens failed_tokens{};
    AuditCounts audited{};
    SchemaText schema = make_schema_text();
    // How many imports and exports run; theirs too, for one that ends may be the last to know the daemon is
    // gone.
    std::shared_ptr<std::size_t> transfers = std::make_shared<std::size_t>(0);
};

struct Context {
    const Request& request;
    Environment& environment;
    store::Store& store;
    store::ApiToken token;
    Query query;
    std::int64_t id{};  // the {id} of the path
    store::Time now{};
    BodyReader* body{};  // of a route with BodyKind::streamed, else null
};

// Lives as long as the request: the reference outlives the coroutine.
using Handler = awaitable<Response> (*)(Context& context);

// The body of a write, or the refusal: 415 for another media type, 400 for what is no JSON. No body is {}.
Checked<Document> read_body(const Request& request);

}  // namespace hourglass::api
