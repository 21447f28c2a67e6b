// The API's document as it is served: made once, at start.
#pragma once

#include <string>

namespace hourglass::api {

struct SchemaText {
    std::string json;
    std::string etag;
};

SchemaText make_schema_text();

}  // namespace hourglass::api
