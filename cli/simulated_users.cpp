#include "cli/simulated_users.hpp"

#include "cli/failure.hpp"
#include "cli/show.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

namespace hourglass::cli {

namespace {

constexpr std::chrono::seconds ask_again_delay{1};

// While the daemon is away or not ready, asks again.
template <typename Ask>
auto ask_patiently(std::chrono::seconds patience, Ask ask) {
    const auto deadline = nas::Clock::now() + patience;
    while (true) {
        try {
            return ask();
        } catch (const Failure& failure) {
            if (!failure.is_outcome_unknown() || nas::Clock::now() >= deadline) throw;
        }
        std::this_thread::sleep_for(ask_again_delay);
    }
}

std::string path_of(const SimulatedUser& user) {
    return "/user_token/" + std::to_string(user.id) + "/";
}

std::string new_password() {
    std::random_device random;
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x%08x", random(), random());
    return digits.data();
}

AuditResult audit_organization(Api& api, std::int64_t organization, std::vector<Disagreement>& found) {
    AuditReader reader;
    reader.take_violation = [&](const Json& violation) {
        found.push_back({shown(violation.value("username", Json{})), violation_text(violation)});
    };
    return reader.run(api, {
                               {"organization", std::to_string(organization)}
    });
}

Json ledger_of(Api& api, const SimulatedUser& user) {
    return api.get(path_of(user) + "ledger/", {
                                                  {"limit", "1"}
    });
}

}  // namespace

SimulatedUsers::SimulatedUsers(Api& api, const SimulateOptions& options, const std::string& run,
                               const std::function<void(std::size_t)>& tell_count)
    : api_(api), are_ours_(options.users_file.empty()) {
    try {
        are_ours_ ? create(options, run, tell_count) : look_up(options.users_file);
    } catch (const Failure&) {
        if (are_ours_) remove({});
        throw;
    }
}

void SimulatedUsers::create(const SimulateOptions& options, const std::string& run,
                            const std::function<void(std::size_t)>& tell_count) {
    const auto password = new_password();
    const auto balance = options.balance.count();
    organizations_ = {options.organization};
    for (std::size_t i = 0; i < options.users; ++i) {
        const auto name = options.prefix + "-" + run + "-" + std::to_string(i + 1);
        const auto user = api_.post("/user_token/", {
                                                        {"username",     name                },
                                                        {"password",     password            },
                                                        {"organization", options.organization},
                                                        {"user_time",    balance             },
                                                        {"description",  "hourglass simulate"}
        });
        users_.push_back({
            .id = user.at("id").get<std::int64_t>(),
            .login = {name, password},
            .before = {.credited = balance, .consumed = 0, .balance = balance}
        });
        tell_count(users_.size());
    }
}

void SimulatedUsers::look_up(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw Failure(ExitStatus::usage, "The file " + path + " cannot be read.");
    for (std::string line; std::getline(file, line);) {
        const auto space = line.find(' ');
        if (line.empty()) continue;
        if (space == std::string::npos)
            throw Failure(ExitStatus::usage, "A line of " + path + " is no user name, space, password.");
        const auto name = line.substr(0, space);
        const auto record = api_.find_user("name:" + name);
        organizations_.insert(record.at("organization").get<std::int64_t>());
        SimulatedUser user{
            .id = record.at("id").get<std::int64_t>(), .login = {name, line.substr(space + 1)},
                 .before = {}
        };
        user.before = account_of(ledger_of(api_, user));
        users_.push_back(std::move(user));
    }
    if (users_.empty()) throw Failure(ExitStatus::usage, path + " names no users.");
}

std::vector<nas::Account> SimulatedUsers::logins() const {
    std::vector<nas::Account> logins;
    for (const auto& user : users_)
        logins.push_back(user.login);
    return logins;
}

Judgement SimulatedUsers::judge(const std::vector<nas::UserTruth>& truths, const std::string& run,
                                std::chrono::seconds patience) {
    Judgement judgement;
    for (std::size_t i = 0; i < users_.size(); ++i) {
        const auto& user = users_[i];
        const auto& truth = truths.at(i);
        const auto after = account_of(ask_patiently(patience, [&] { return ledger_of(api_, user); }));
        const auto sessions = ask_patiently(patience, [&] {
            return api_.list("/aaa_accounting/",
                             {
                                 {"user", std::to_string(user.id)}
            },
                             {});
        });
        for (auto& sentence : violations_of(truth, user.before, after, sessions, run))
            judgement.violations.push_back({user.login.username, std::move(sentence)});
        judgement.consumed += after.consumed - user.before.consumed;
        for (const auto& session : sessions) {
            const auto uncovered = session.value("uncovered", Json{});
            if (uncovered.is_number_integer()) judgement.uncovered += uncovered.get<std::int64_t>();
        }
        for (const auto& session : truth.sessions)
            judgement.overdue += session.is_ended() ? 0 : 1;
    }
    audit(judgement, patience);
    return judgement;
}

void SimulatedUsers::audit(Judgement& judgement, std::chrono::seconds patience) {
    for (const auto organization : organizations_) {
        std::vector<Disagreement> found;
        try {
            judgement.audited += ask_patiently(patience, [&] {
                                     found.clear();
                                     return audit_organization(api_, organization, found);
                                 }).checked;
        } catch (const Failure& failure) {
            const bool is_forbidden = failure.status() == ExitStatus::refused;
            if (!is_forbidden) throw;
        }
        std::ranges::move(found, std::back_inserter(judgement.violations));
    }
}

void SimulatedUsers::remove(std::chrono::seconds patience) {
    for (; !users_.empty(); users_.pop_back()) {
        ask_patiently(patience, [&] {
            api_.remove(path_of(users_.back()), {
                                                    {"force", "true"}
            });
        });
    }
}

}  // namespace hourglass::cli
