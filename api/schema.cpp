#include "api/schema.hpp"

#include "api/etag.hpp"
#include "api/schema_text.hpp"

namespace hourglass::api {

const Description schema_description{
    .tag = "schema",
    .about = "This document.",
    .operation = "read_schema",
    .summary = "Read this document",
};

awaitable<Response> read_schema(Context& context) {
    const auto& schema = context.environment.schema;
    if (is_known_to_client(context.request, schema.etag)) co_return not_modified(schema.etag);
    Response response;
    response.body = schema.json;
    co_return std::move(response).with("ETag", schema.etag);
}

}  // namespace hourglass::api
