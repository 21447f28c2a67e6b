#include "api/filters.hpp"

#include "api/field.hpp"
#include "api/problem.hpp"
#include "api/text.hpp"

namespace hourglass::api {

Checked<std::optional<std::int64_t>> read_id_filter(const Query& query, std::string_view name) {
    const auto text = query.find(name);
    if (!text) return std::optional<std::int64_t>{};
    const auto number = parse_whole_number(*text);
    if (!number) return field_problem(name, "Enter a number.");
    return std::optional(number->value);
}

Checked<std::optional<bool>> read_boolean_filter(const Query& query, std::string_view name) {
    const auto text = query.find(name);
    if (!text) return std::optional<bool>{};
    const auto parsed = boolean_type.parse(boolean(name), *text);
    if (!parsed.errors.is_null())
        return field_problem({
            {std::string(name), parsed.errors}
        });
    return std::optional(parsed.stored == "1");
}

Checked<std::optional<store::OrganizationId>> read_organization_filter(const Context& context,
                                                                       std::string_view name) {
    auto organization = read_id_filter(context.query, name);
    if (organization && *organization && !may_see(context.token, **organization)) return permission_denied();
    return organization;
}

}  // namespace hourglass::api
