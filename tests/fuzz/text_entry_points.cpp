// Entry points for texts: what clients of the API send, what an operator writes, what the store gives back.
#include "api/aaa_profile.hpp"
#include "api/credit.hpp"
#include "api/filters.hpp"
#include "api/framing.hpp"
#include "api/header_end.hpp"
#include "api/nas.hpp"
#include "api/organization.hpp"
#include "api/paging.hpp"
#include "api/resource.hpp"
#include "api/session_filter.hpp"
#include "api/user_token.hpp"
#include "daemon/settings.hpp"
#include "store/account.hpp"
#include "store/session_list.hpp"
#include "store/session_text.hpp"
#include "tests/fuzz/entry_points.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <hiredis/hiredis.h>

#include <algorithm>

namespace hourglass::fuzz {
namespace {

std::string_view text_of(radius::Bytes octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

// The first word, which leaves the text.
std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

// Whatever the store is told of a field can be shown, and what is shown is JSON.
void show(std::span<const api::Field> fields, const api::ParsedRecord& record) {
    for (const auto& field : fields) {
        const auto found = record.values.find(field.name);
        if (found == record.values.end() || !found->second) continue;
        const auto shown = api::to_text(field.type->show(*found->second));
        require(api::parse_json(shown).has_value(), "what is shown is JSON");
    }
}

void parse_head(std::string_view head) {
    api::http::request_parser<api::http::empty_body> parser;
    parser.eager(true);
    boost::system::error_code error;
    parser.put(boost::asio::buffer(head.data(), head.size()), error);
    if (error) {
        static_cast<void>(api::refusal_of(error));
        return;
    }
    const auto& header = parser.get().base();
    if (api::refusal_of(header)) return;
    require(header.count(api::http::field::host) <= 1, "nobody is asked for two hosts");
    const auto target = header.target();
    const auto question = target.find('?');
    if (question != target.npos) static_cast<void>(api::Query(target.substr(question + 1)).encode());
}

redisReply reply_of(std::string_view text) {
    redisReply reply{};
    reply.type = REDIS_REPLY_STRING;
    reply.str = const_cast<char*>(text.data());  // nobody writes to it
    reply.len = text.size();
    return reply;
}

}  // namespace

void read_body(radius::Bytes octets) {
    if (octets.empty()) return;
    const std::array tables{
        api::user_fields(),
        api::nas_description.shown->fields,
        api::profile_description.shown->fields,
        api::organization_description.shown->fields,
        api::credit_description.sent->fields,
    };
    constexpr std::array writes{api::Write::post, api::Write::put, api::Write::patch};
    const auto fields = tables[octets[0] % tables.size()];
    const auto write = writes[octets[0] / tables.size() % writes.size()];

    const auto body = api::parse_json(text_of(octets.subspan(1)));
    if (!body) return;
    static_cast<void>(api::to_text(body->value));
    const auto record = api::parse_record(fields, body->value, write);
    require(api::parse_json(api::to_text(record.errors)).has_value(), "errors are JSON");
    if (record.errors.empty()) show(fields, record);
}

void read_query(radius::Bytes octets) {
    const auto text = text_of(octets);
    const api::Query query(text);
    const auto encoded = query.encode();
    require(api::Query(encoded).encode() == encoded, "a link leads to where it was made");
    for (const auto& name : query.names()) {
        static_cast<void>(api::read_id_filter(query, name));
        static_cast<void>(api::read_boolean_filter(query, name));
        const auto value = query.find(name).value_or("");
        const auto from = api::parse_bound(value, api::Bound::from);
        const auto until = api::parse_bound(value, api::Bound::until);
        require(from.has_value() == until.has_value(), "what is a time is one at both ends");
    }
    const auto page = api::read_page_request(query);
    require(page.limit >= 1 && page.limit <= api::page_items_max, "a page has its size");
    static_cast<void>(api::read_list_request(query));
}

void read_http_head(radius::Bytes octets) {
    const auto text = text_of(octets);
    api::HeaderEnd whole;
    const auto state = whole.find(text);
    api::HeaderEnd in_pieces;
    auto state_in_pieces = api::HeaderEnd::State::incomplete;
    for (std::size_t end = 0; end <= text.size() && state_in_pieces == api::HeaderEnd::State::incomplete;
         ++end)
        state_in_pieces = in_pieces.find(text.substr(0, end));
    require(state == state_in_pieces, "a header is the same in pieces");
    if (state != api::HeaderEnd::State::found) return;
    require(whole.size() == in_pieces.size() && whole.size() <= text.size(), "it ends where it ends");
    parse_head(text.substr(0, whole.size()));
}

void read_settings(radius::Bytes octets) {
    try {
        const auto configuration = daemon::parse_configuration(std::string(text_of(octets)), "fuzz.toml");
        static_cast<void>(daemon::print_configuration(configuration));
        static_cast<void>(daemon::radius_clients(configuration));
    } catch (const daemon::SettingsError& error) {
        require(error.what()[0] != '\0', "what is wrong is said");
    }
}

void read_stored(radius::Bytes octets) {
    auto text = text_of(octets);
    const auto field = take_line(text);
    const auto session = store::parse_session(field, text);
    if (session)
        require(
            store::parse_session(store::session_field(session->nas, session->session_id), text).has_value(),
            "its field names the session");
    static_cast<void>(store::heard_in(text));
    static_cast<void>(store::is_listed(text));
    if (const auto details = store::parse_details(text)) {
        const auto encoded = store::encode(*details);
        const auto again = store::parse_details(encoded);
        require(again && store::encode(*again) == encoded, "details survive being written");
    }

    std::vector<redisReply> replies;
    while (!text.empty())
        replies.push_back(reply_of(take_line(text)));
    if (replies.size() % 2 != 0) replies.pop_back();
    std::vector<redisReply*> hash;
    for (auto& reply : replies)
        hash.push_back(&reply);
    const auto account = store::parse_account(hash, store::LedgerRules().stale_limit());
    const store::Time now(std::chrono::seconds(1'800'000'000));
    const auto balance = account.balance_at(now);
    require(!balance || *balance >= store::Seconds::zero(), "nobody owes time");
    static_cast<void>(account.exhausted_at());
    static_cast<void>(account.silent_at());
}

}  // namespace hourglass::fuzz
