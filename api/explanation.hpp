// Would this user get in now? The question and the answer as the API knows them; the daemon, which knows
// RADIUS, hands in who answers.
#pragma once

#include "store/store.hpp"

#include <boost/system/result.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::api {

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct LoginQuestion {
    store::LoginUser user;
    std::optional<std::string> nas;  // a client's name, or an address
    NamedTexts attributes;           // by their names in the dictionary
    store::Time now;
    std::optional<bool> is_password_right{};  // nullopt: none was tried
};

struct LoginCheckOutcome {
    std::string name;
    bool is_passed{};
    std::string finding;
};

struct LoginExplanation {
    std::string reason;  // empty: accepted
    std::string nas;     // the client's name; empty if none was asked about
    std::vector<LoginCheckOutcome> checks;
    NamedTexts reply;
};

// What was wrong with the question, for a 400.
struct QuestionMistake {
    std::string parameter;
    std::string sentence;
};

using LoginAnswer = boost::system::result<LoginExplanation, QuestionMistake>;
// The outer result is the store's. `store` must outlive the coroutine.
using ExplainLogin =
    std::function<awaitable<result<LoginAnswer>>(LoginQuestion question, store::Store& store)>;

}  // namespace hourglass::api
