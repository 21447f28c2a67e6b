#include "tests/integration/rule_runner.hpp"

#include "tests/integration/clients.hpp"

#include <algorithm>
#include <regex>

namespace hourglass::test {
namespace {

using Ordered = nlohmann::ordered_json;
constexpr std::string_view none = "<none>";
constexpr std::string_view any = "<any>";

// "<any>" stands for any text, also for none.
bool fits_text(std::string_view pattern, std::string_view text) {
    const auto gap = pattern.find(any);
    if (gap == pattern.npos) return pattern == text;
    if (!text.starts_with(pattern.substr(0, gap))) return false;
    text.remove_prefix(gap);
    pattern.remove_prefix(gap + any.size());
    for (std::size_t skipped = 0; skipped <= text.size(); ++skipped) {
        if (fits_text(pattern, text.substr(skipped))) return true;
    }
    return false;
}

enum class Members : std::uint8_t { some, all, all_in_order };

bool fits(const Ordered& pattern, const Ordered& value, Members members);

bool fits_object(const Ordered& pattern, const Ordered& value, Members members) {
    if (!value.is_object() || (members != Members::some && pattern.size() != value.size())) return false;
    auto in_order = value.begin();
    for (const auto& [name, expected] : pattern.items()) {
        if (members == Members::all_in_order && (in_order++).key() != name) return false;
        const auto found = value.find(name);
        const bool is_absence = expected == none;
        if (is_absence != (found == value.end())) return false;
        if (!is_absence && !fits(expected, *found, members)) return false;
    }
    return true;
}

bool fits(const Ordered& pattern, const Ordered& value, Members members) {
    static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)");
    if (pattern == any) return true;
    if (pattern == "<id>") return value.is_number_unsigned() && value > 0;
    if (pattern == "<time>") return value.is_string() && std::regex_match(value.get<std::string>(), time);
    if (pattern.is_object()) return fits_object(pattern, value, members);
    if (pattern.is_array()) {
        return value.is_array() && std::ranges::equal(pattern, value, [&](const auto& each, const auto& of) {
                   return fits(each, of, members);
               });
    }
    if (pattern.is_string() && value.is_string()) {
        return fits_text(pattern.get_ref<const std::string&>(), value.get_ref<const std::string&>());
    }
    return pattern.type() == value.type() && pattern == value;
}

// "<x*9>" and "<0xFF>".
std::string expand_generators(const std::string& text) {
    static const std::regex generator(R"(<(?:0x([0-9A-F]{2})|([^<>]+?)\*(\d+))>)");
    std::string expanded;
    auto rest = text.cbegin();
    for (std::sregex_iterator match(text.begin(), text.end(), generator), end; match != end; ++match) {
        expanded.append(rest, text.cbegin() + match->position());
        rest = text.cbegin() + match->position() + match->length();
        if ((*match)[1].matched) {
            expanded += static_cast<char>(std::stoi((*match)[1], nullptr, 16));
        } else {
            for (auto times = std::stoul((*match)[3]); times > 0; --times)
                expanded += (*match)[2];
        }
    }
    return expanded.append(rest, text.cend());
}

std::string target_of(const std::string& path) {
    return path.starts_with('=') ? path.substr(1) : "/api/v1" + path;
}

std::string show(const HttpReply& reply) {
    auto text = std::to_string(reply.status) + " " + reply.body;
    for (const auto& [name, value] : reply.headers)
        text += "\n    " + name + ": " + value;
    return text;
}

std::string show(const std::optional<HttpReply>& reply) {
    return reply ? show(*reply) : "closed";
}

}  // namespace

RuleRunner::RuleRunner(const Daemon& daemon) : daemon_(daemon), client_(daemon.ports().api) {
    variables_["admin"] = daemon.token();
}

std::string RuleRunner::complaint_about(const Rule& rule) {
    try {
        if (rule.method == "$") {
            variables_[rule.path] = expand(rule.body);
            return {};
        }
        if (rule.replies.empty()) return "the row expects nothing";
        if (rule.method == "RAW") return try_octets(rule);
        if (rule.method == "ACCT" || rule.method == "AUTH") return try_radius(rule);
        return try_request(rule);
    } catch (const std::exception& wrong) {
        return wrong.what();
    }
}

std::string RuleRunner::expand(std::string text) const {
    static const std::regex variable(R"(\$([a-z_0-9]+))");
    std::smatch match;
    std::string expanded;
    while (std::regex_search(text, match, variable)) {
        const auto found = variables_.find(match[1].str());
        if (found == variables_.end()) throw std::runtime_error("unknown " + match.str());
        expanded += match.prefix().str() + found->second;
        text = match.suffix();
    }
    return expand_generators(expanded + text);
}

HeaderFields RuleRunner::headers_of(const Rule& rule) const {
    HeaderFields headers{
        {"Host",          "api.test"                        },
        {"Authorization", "Bearer " + variables_.at("admin")}
    };
    if (!rule.body.empty()) headers.emplace_back("Content-Type", "application/json");
    for (const auto& [name, value] : rule.headers)
        std::erase_if(headers, [&](const auto& usual) { return usual.first == name; });
    for (const auto& [name, value] : rule.headers) {
        if (value != none) headers.emplace_back(name, expand(value));
    }
    return headers;
}

std::string RuleRunner::try_request(const Rule& rule) {
    const auto headers = headers_of(rule);
    const auto request = to_http(rule.method, target_of(expand(rule.path)), headers, expand(rule.body));
    const auto reply = client_.ask(request, rule.method == "HEAD");
    if (!reply) return "expected " + rule.replies.front().status + "\ncame     closed";

    auto complaint = compare(rule, rule.replies.front(), *reply);
    return complaint.empty() ? keep(rule, *reply) : complaint;
}

std::string RuleRunner::try_octets(const Rule& rule) const {
    HttpWire wire(daemon_.ports().api);
    wire.send(expand(rule.body));
    if (rule.replies.back().status == "closed") wire.finish_sending();
    for (const auto& expected : rule.replies) {
        const auto reply = wire.receive();
        const bool is_closed = expected.status == "closed";
        if (is_closed != !reply) return "expected " + expected.status + "\ncame     " + show(reply);
        if (is_closed) continue;
        if (auto complaint = compare(rule, expected, *reply); !complaint.empty()) return complaint;
    }
    return {};
}

std::string RuleRunner::try_radius(const Rule& rule) const {
    const auto answer = radclient(daemon_, rule.method == "ACCT" ? "acct" : "auth", expand(rule.path));
    const auto& expected = rule.replies.front().status;
    return answer.packet == expected ? "" : "expected " + expected + "\ncame     " + answer.text;
}

std::string RuleRunner::compare(const Rule& rule, const ExpectedReply& expected,
                                const HttpReply& reply) const {
    const auto body = expand(expected.body);
    const auto complaint = [&](const std::string& what) {
        return "expected " + what + "\ncame     " + show(reply);
    };
    if (expected.status != std::to_string(reply.status)) return complaint(expected.status + " " + body);
    for (const auto& [name, value] : rule.expected_headers) {
        const auto* found = find_header(reply.headers, name);
        const bool is_right =
            value == none ? found == nullptr : found != nullptr && fits_text(expand(value), *found);
        if (!is_right) return complaint(name + ": " + expand(value));
    }
    if (body.empty()) return {};
    if (body == none) return reply.body.empty() ? "" : complaint("no body");
    const auto* type = find_header(reply.headers, "Content-Type");
    if (type != nullptr && *type != "application/json")
        return fits_text(body, reply.body) ? "" : complaint(body);
    const auto shown = Ordered::parse(reply.body, nullptr, false);
    const auto members = expected.is_exact     ? Members::all_in_order
                         : reply.status >= 400 ? Members::all
                                               : Members::some;
    return fits(Ordered::parse(body), shown, members) ? "" : complaint(body);
}

std::string RuleRunner::keep(const Rule& rule, const HttpReply& reply) {
    for (const auto& [name, source] : rule.kept) {
        const bool is_header = !source.starts_with('/');
        const auto* header = find_header(reply.headers, source);
        const auto body = Ordered::parse(reply.body, nullptr, false);
        const Ordered::json_pointer pointer(is_header ? "" : source);
        const bool is_there = is_header ? header != nullptr : body.contains(pointer);
        if (!is_there) return "no " + source + " to keep in\n" + show(reply);
        const auto value = is_header ? Ordered(*header) : body.at(pointer);
        variables_[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    return {};
}

}  // namespace hourglass::test
