#include "bench/workload.hpp"

#include <algorithm>
#include <deque>
#include <vector>

namespace hourglass::bench {

namespace {

using nas::AcctStatus;
using nas::Code;

constexpr std::uint32_t interim_seconds = 60;
constexpr unsigned interims_a_session = 3;

class RandomUsers {
public:
    explicit RandomUsers(const WorkloadSettings& settings)
        : random_(settings.seed), user_(0, settings.users - 1) {}

    std::uint32_t pick() { return user_(random_); }

private:
    std::mt19937_64 random_;
    std::uniform_int_distribution<std::uint32_t> user_;
};

Requests requests_of(const WorkloadSettings& settings) {
    return {settings.secret, settings.run_id, settings.seed};
}

// Each a user of his own, with nothing before it and nothing after.
class Logins : public Workload {
public:
    Logins(const WorkloadSettings& settings, Method method)
        : users_(settings), requests_(requests_of(settings)), method_(method) {}

    std::optional<Job> next() override { return Job{.port = Port::auth, .stay = users_.pick()}; }
    nas::Octets make(Job job, std::uint8_t identifier) override {
        return requests_.login(identifier, method_,
                               {.user = job.stay, .serial = ++serial_, .seconds = 0, .klass = {}});
    }
    bool is_expected(Job /*job*/, nas::View response, nas::View request) const override {
        return requests_.is_answer(response, request, Code::access_accept);
    }
    void finish(Job /*job*/, nas::View /*response*/) override {}

private:
    RandomUsers users_;
    Requests requests_;
    Method method_;
    std::uint32_t serial_ = 0;
};

// What a server that only sends everything back is asked: packets of the size of a login.
class Echoes : public Logins {
public:
    explicit Echoes(const WorkloadSettings& settings) : Logins(settings, Method::pap) {}

    bool is_expected(Job /*job*/, nas::View response, nas::View request) const override {
        return std::ranges::equal(response, request);
    }
};

// A session of each user begins, one after the other.
class Starts : public Workload {
public:
    explicit Starts(const WorkloadSettings& settings)
        : users_(settings.users), requests_(requests_of(settings)) {}

    std::optional<Job> next() override {
        if (is_over()) return std::nullopt;
        return Job{.port = Port::acct, .stay = next_user_++};
    }
    bool is_over() const override { return next_user_ == users_; }
    nas::Octets make(Job job, std::uint8_t identifier) override {
        return requests_.report(identifier, AcctStatus::start,
                                {.user = job.stay, .serial = job.stay, .seconds = 0, .klass = {}});
    }
    bool is_expected(Job /*job*/, nas::View response, nas::View request) const override {
        return requests_.is_answer(response, request, Code::accounting_response);
    }
    void finish(Job /*job*/, nas::View /*response*/) override {}

private:
    std::uint32_t users_;
    std::uint32_t next_user_ = 0;
    Requests requests_;
};

// One session of each user goes on and on.
class Interims : public Workload {
public:
    explicit Interims(const WorkloadSettings& settings)
        : users_(settings), requests_(requests_of(settings)), stays_(settings.users) {
        for (std::uint32_t user = 0; user < settings.users; ++user)
            stays_[user].user = stays_[user].serial = user;
    }

    std::optional<Job> next() override { return Job{.port = Port::acct, .stay = users_.pick()}; }
    nas::Octets make(Job job, std::uint8_t identifier) override {
        auto& stay = stays_[job.stay];
        stay.seconds += interim_seconds;
        return requests_.report(identifier, AcctStatus::interim_update, stay);
    }
    bool is_expected(Job /*job*/, nas::View response, nas::View request) const override {
        return requests_.is_answer(response, request, Code::accounting_response);
    }
    void finish(Job /*job*/, nas::View /*response*/) override {}

private:
    RandomUsers users_;
    Requests requests_;
    std::vector<Stay> stays_;
};

// Login, Start, Interim-Updates, Stop; then somebody else comes in.
class Sessions : public Workload {
public:
    explicit Sessions(const WorkloadSettings& settings)
        : users_(settings), requests_(requests_of(settings)), sessions_(settings.sessions) {
        for (std::uint32_t index = 0; index < settings.sessions; ++index) {
            begin(sessions_[index]);
            ready_.push_back(index);
        }
    }

    std::optional<Job> next() override {
        if (ready_.empty()) return std::nullopt;
        const auto index = ready_.front();
        ready_.pop_front();
        return Job{.port = sessions_[index].requests_done == 0 ? Port::auth : Port::acct, .stay = index};
    }

    nas::Octets make(Job job, std::uint8_t identifier) override {
        auto& session = sessions_[job.stay];
        if (session.requests_done == 0) return requests_.login(identifier, Method::pap, session.stay);
        const auto status = status_of(session);
        if (status != AcctStatus::start) session.stay.seconds += interim_seconds;
        return requests_.report(identifier, status, session.stay);
    }

    bool is_expected(Job job, nas::View response, nas::View request) const override {
        const bool is_login = sessions_[job.stay].requests_done == 0;
        return requests_.is_answer(response, request,
                                   is_login ? Code::access_accept : Code::accounting_response);
    }

    void finish(Job job, nas::View response) override {
        auto& session = sessions_[job.stay];
        const bool is_lost = response.empty();
        if (session.requests_done == 0 && !is_lost) {
            const auto klass = nas::find(response, nas::Attribute::klass);
            session.stay.klass.assign(klass.begin(), klass.end());
        }
        ++session.requests_done;
        if (is_lost || session.requests_done == requests_a_session) begin(session);
        ready_.push_back(job.stay);
    }

private:
    static constexpr unsigned requests_a_session = 3 + interims_a_session;

    struct Session {
        Stay stay;
        unsigned requests_done{};  // the first is the login
    };

    void begin(Session& session) {
        session = {
            .stay = {.user = users_.pick(), .serial = ++serial_, .seconds = 0, .klass = {}},
            .requests_done = 0
        };
    }

    static AcctStatus status_of(const Session& session) {
        if (session.requests_done == 1) return AcctStatus::start;
        return session.requests_done + 1 == requests_a_session ? AcctStatus::stop
                                                               : AcctStatus::interim_update;
    }

    RandomUsers users_;
    Requests requests_;
    std::vector<Session> sessions_;
    std::deque<std::uint32_t> ready_;  // those that wait for no answer; they take turns
    std::uint32_t serial_ = 0;
};

}  // namespace

std::unique_ptr<Workload> make_workload(const WorkloadSettings& settings) {
    switch (settings.mode) {
        case Mode::pap:
            return std::make_unique<Logins>(settings, Method::pap);
        case Mode::chap:
            return std::make_unique<Logins>(settings, Method::chap);
        case Mode::ms_chap:
            return std::make_unique<Logins>(settings, Method::ms_chap);
        case Mode::start:
            return std::make_unique<Starts>(settings);
        case Mode::interim:
            return std::make_unique<Interims>(settings);
        case Mode::session:
            return std::make_unique<Sessions>(settings);
        case Mode::echo:
            return std::make_unique<Echoes>(settings);
    }
    return nullptr;
}

}  // namespace hourglass::bench
