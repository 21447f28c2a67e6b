// POST /user_token/import/
#include "api/authorization.hpp"
#include "api/import_run.hpp"
#include "api/problem.hpp"
#include "api/user_transfer.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

template <class Value>
struct Choice {
    std::string_view name;
    Value value;
};

constexpr auto modes = std::to_array<Choice<ImportMode>>({
    {"best_effort", ImportMode::best_effort},
    {"atomic",      ImportMode::atomic     },
});
constexpr auto upserts = std::to_array<Choice<Upsert>>({
    {store::user_field::username,    Upsert::by_username   },
    {store::user_field::external_id, Upsert::by_external_id},
});

template <class Value>
Checked<Value> read_choice(const Query& query, std::string_view parameter,
                           std::span<const Choice<Value>> choices, Value otherwise) {
    const auto named = query.find(parameter);
    if (!named) return otherwise;
    const auto found = std::ranges::find(choices, std::string_view(*named), &Choice<Value>::name);
    if (found != choices.end()) return found->value;
    return field_problem(parameter, "\"" + *named + "\" is not a valid choice.");
}

constexpr auto parameters = std::to_array<Parameter>({
    {boolean("dry_run"), "Checks everything and writes nothing."                                  },
    {text("mode"),       "`best_effort`, the default, writes the good rows; `atomic` all or none."},
    {text("upsert"),     "`username` or `external_id`: changes the user who has it already."      },
});
constexpr auto taken = std::to_array<std::string_view>({"application/x-ndjson", "text/csv"});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::post, http::status::bad_request,
     "A parameter, or the beginning of the body, is not what it should be."},
});

}  // namespace

const Description import_description{
    .tag = "user_token",
    .options = parameters,
    .exceptions = exceptions,
    .operation = "import_users",
    .summary = "Import users from rows; a line for each comes back",
    .success = http::status::ok,
    .media_type = "application/x-ndjson",
    .takes = taken,
};

awaitable<Response> import_users(Context& context) {
    const auto mode = read_choice<ImportMode>(context.query, "mode", modes, ImportMode::best_effort);
    if (!mode) co_return mode.error();
    const auto upsert = read_choice<Upsert>(context.query, "upsert", upserts, Upsert::never);
    if (!upsert) co_return upsert.error();
    const auto form = read_form(context, http::field::content_type);
    if (!form) co_return form.error();
    auto place = take_place(context.environment);
    if (!place) co_return place.error();

    ImportRun::Options options{
        .form = *form,
        .mode = *mode,
        .is_dry_run = context.query.is_true("dry_run"),
        .rules = {.upsert = *upsert,
                  .token = context.token,
                  .default_user_time = store::Seconds(context.environment.settings.default_user_time),
                  .now = context.now,
                  .why_unusable = context.environment.why_unusable}
    };
    const auto run =
        std::make_shared<ImportRun>(context.store, *context.body, std::move(options), *std::move(place));
    // A client that waits to be told to go on is told before the reply begins.
    const auto first_piece = co_await context.body->read_some();
    if (!first_piece) co_return first_piece.error();
    run->take(*first_piece);

    Response response;
    response.content_type = media_type_of(RowForm::ndjson);
    response.produce = [run](BodyWriter& writer) { return run->run(writer); };
    co_return response;
}

}  // namespace hourglass::api
