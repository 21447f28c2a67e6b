// The parameters behind the "?" of a URL: the last of repeated ones counts, links keep them all.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::api {

// "%41" is "A", and "+" a space where `plus_is_space`. A "%" without two digits stands for itself.
std::string percent_decode(std::string_view text, bool plus_is_space);

class Query {
public:
    explicit Query(std::string_view text);

    // nullopt if absent or empty: an empty filter is no filter. Trimmed.
    std::optional<std::string> find(std::string_view name) const;
    // Be it empty.
    bool contains(std::string_view name) const { return values_.contains(name); }
    std::vector<std::string> names() const;
    // "true", "1", "yes", ...; everything else is false.
    bool is_true(std::string_view name) const;

    void set(std::string_view name, std::string value);
    void remove(std::string_view name);
    // Sorted by name, as DRF's links are.
    std::string encode() const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace hourglass::api
