// GET /user_token/export/
#include "api/authorization.hpp"
#include "api/problem.hpp"
#include "api/transfer.hpp"
#include "api/user_token.hpp"
#include "api/user_transfer.hpp"
#include "store/hex.hpp"
#include "store/user_walk.hpp"

#include <stdexcept>

namespace hourglass::api {
namespace {

constexpr std::chrono::seconds store_wait_max{30};  // for a Redis that is away

struct Export {
    store::Store& store;
    store::UserWalk walk;
    RowForm form{};
    bool with_credentials{};
    TransferPlace place;
};

std::string to_row(const Export& job, const store::UserWithPassword& found) {
    auto record =
        show_user(found.user, true, std::chrono::floor<store::Seconds>(std::chrono::system_clock::now()));
    if (job.with_credentials) {
        const auto& username = found.user.fields.at(std::string(store::user_field::username));
        record[std::string(password_sealed)] =
            store::to_hex(job.store.users.seal_for_transfer(username, found.password));
    }
    return to_row(job.form, export_fields(job.with_credentials), record);
}

// Reading again does no harm. Throws when there is no going on: the client sees that the rows are cut short.
awaitable<std::vector<store::UserWithPassword>> next_users(Export& job) {
    while (true) {
        auto users = co_await job.walk.next();
        if (users) co_return *std::move(users);
        const bool is_away = users.error() == store::Error::unavailable;
        if (!is_away || !co_await job.store.redis.wait_until_ready(store_wait_max)) {
            throw std::runtime_error("export: " + users.error().message());
        }
    }
}

awaitable<void> write_rows(std::shared_ptr<Export> job, BodyWriter& writer) {
    std::string rows = job->form == RowForm::csv ? csv_header(export_fields(job->with_credentials)) : "";
    while (true) {
        const auto users = co_await next_users(*job);
        for (const auto& user : users)
            rows += to_row(*job, user);
        if (!rows.empty() && !co_await writer.write(std::exchange(rows, {}))) co_return;
        if (users.empty()) co_return;
    }
}

constexpr auto options = std::to_array<Parameter>({
    {text("format"),                           "`ndjson` or `csv`."               },
    {integer(store::user_field::organization), "Users of this organization."      },
    {boolean("with_credentials"),
     "Adds the passwords, sealed; for administrators whose token is not confined."},
});

}  // namespace

const Description export_description{
    .tag = "user_token",
    .options = options,
    .operation = "export_users",
    .summary = "Export users as rows",
    .media_type = "application/x-ndjson",
};

awaitable<Response> export_users(Context& context) {
    auto filter = read_user_filter(context);
    if (!filter) co_return filter.error();
    const auto form = read_form(context, http::field::accept);
    if (!form) co_return form.error();
    const bool with_credentials = context.query.is_true("with_credentials");
    if (with_credentials && (!context.token.scopes.admin || is_confined(context.token))) {
        co_return permission_denied();
    }
    auto place = take_place(context.environment);
    if (!place) co_return place.error();

    const auto job = std::make_shared<Export>(
        Export{context.store, context.store.users.walk(*std::move(filter), with_credentials), *form,
               with_credentials, *std::move(place)});
    Response response;
    response.content_type = media_type_of(*form);
    response.with("Content-Disposition", std::string("attachment; filename=\"users.") +
                                             (*form == RowForm::csv ? "csv" : "ndjson") + "\"");
    if (with_credentials) response.with("Cache-Control", "no-store");
    response.produce = [job](BodyWriter& writer) { return write_rows(job, writer); };
    co_return response;
}

}  // namespace hourglass::api
