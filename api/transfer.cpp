#include "api/transfer.hpp"

#include "api/problem.hpp"
#include "api/text.hpp"
#include "api/user_token.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::size_t sealed_characters_max = 8192;  // hexadecimal digits of the longest password

constexpr auto own_dates = std::to_array<std::string_view>(
    {store::user_field::date_joined, store::user_field::first_login, store::user_field::last_login});

struct FormName {
    std::string_view name;
    RowForm form;
};

constexpr auto form_names = std::to_array<FormName>({
    {"ndjson",               RowForm::ndjson},
    {"csv",                  RowForm::csv   },
    {"application/x-ndjson", RowForm::ndjson},
    {"application/ndjson",   RowForm::ndjson},
    {"application/jsonl",    RowForm::ndjson},
    {"text/csv",             RowForm::csv   },
});

std::optional<RowForm> form_named(std::string_view name) {
    const auto found = std::ranges::find_if(
        form_names, [&](const FormName& row) { return equals_ignoring_case(row.name, name); });
    return found == form_names.end() ? std::nullopt : std::optional(found->form);
}

std::vector<Field> make_transfer_fields() {
    const auto known = user_fields();
    std::vector<Field> fields(known.begin(), known.end());
    for (auto& field : fields) {
        if (std::ranges::find(own_dates, field.name) == own_dates.end()) continue;
        field.is_read_only = false;
        field.is_nullable = true;
    }
    fields.push_back(text(password_sealed).characters(sealed_characters_max).kept_by_put());
    return fields;
}

}  // namespace

std::span<const Field> transfer_fields() {
    static const auto fields = make_transfer_fields();
    return fields;
}

std::span<const Field> export_fields(bool with_credentials) {
    const auto fields = transfer_fields();
    return with_credentials ? fields : fields.first(fields.size() - 1);
}

Checked<RowForm> read_form(const Context& context, http::field header) {
    if (const auto named = context.query.find("format")) {
        if (const auto form = form_named(*named)) return *form;
        return field_problem("format", "\"" + *named + "\" is not a valid choice: ndjson or csv.");
    }
    const bool is_body = header == http::field::content_type;
    auto types = context.request.header(header);
    while (!types.empty()) {
        const auto type = types.substr(0, types.find(','));
        types.remove_prefix(std::min(type.size() + 1, types.size()));
        if (const auto form = form_named(trim(type.substr(0, type.find(';'))))) return *form;
    }
    if (!is_body) return RowForm::ndjson;
    return problem(http::status::unsupported_media_type,
                   "Unsupported media type \"" + std::string(context.request.header(header)) +
                       "\" in request: application/x-ndjson or text/csv.");
}

Checked<TransferPlace> take_place(Environment& environment) {
    if (*environment.transfers == transfers_max) {
        return problem(http::status::service_unavailable, "Too many imports, exports and audits run already.")
            .with("Retry-After", "60");
    }
    ++*environment.transfers;
    return TransferPlace(nullptr, [running = environment.transfers](std::nullptr_t) { --*running; });
}

}  // namespace hourglass::api
