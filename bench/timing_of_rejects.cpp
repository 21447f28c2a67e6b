// Does the time of an Access-Reject tell who exists? Asks for an unknown user and for known ones with wrong
// passwords of the right and of another length, in random order, one at a time, and compares the times until
// the kernel had the answer, by Welch's t. Prints JSON; exit status 2 if they can be told apart.
#include "bench/program.hpp"
#include "bench/radius_socket.hpp"
#include "bench/user_name.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <map>
#include <random>

namespace {

using namespace hourglass;
using namespace hourglass::bench;

constexpr double t_limit = 4.5;         // beyond it a difference is taken for real
constexpr double share_kept = 0.95;     // the slowest are the machine's own doing
constexpr std::uint32_t names = 100;    // of each kind, so that no cache knows only one
constexpr std::uint32_t warm_up = 300;  // logins
constexpr std::chrono::seconds answer_time_limit{2};

enum class Method { pap, chap };

struct Options {
    std::uint16_t port = 1812;
    std::string secret = "testing123";
    Method method = Method::pap;
    std::uint32_t logins = 10'000;  // of each kind
    std::uint64_t seed = 1;
};

struct Guess {
    std::string user;
    std::string password;
};

// Users and passwords are those of the load generator: the password is the name. All guesses make packets of
// one size, for what the sender chose tells nobody anything.
struct Kind {
    const char* name;
    Guess (*guess)(std::uint32_t index);
};
constexpr auto kinds = std::to_array<Kind>({
    {"unknown_user",
     [](std::uint32_t index) {
         auto name = user_name_of(index);
         return Guess{"X" + name.substr(1), name};
     }                                                                                                      },
    {"wrong_password",
     [](std::uint32_t index) {
         auto name = user_name_of(index);
         return Guess{name, "X" + name.substr(1)};
     }                                                                                                      },
    {"wrong_password_of_another_length", [](std::uint32_t index) { return Guess{user_name_of(index), "X"}; }},
});

struct Moments {
    double mean{};
    double variance{};
    double count{};
};

Moments moments_of(const std::vector<double>& values) {
    Moments moments{.count = static_cast<double>(values.size())};
    for (const auto value : values)
        moments.mean += value / moments.count;
    for (const auto value : values)
        moments.variance += (value - moments.mean) * (value - moments.mean) / (moments.count - 1);
    return moments;
}

double welch_t(const std::vector<double>& left, const std::vector<double>& right) {
    const auto a = moments_of(left);
    const auto b = moments_of(right);
    return (a.mean - b.mean) / std::sqrt(a.variance / a.count + b.variance / b.count);
}

using Samples = std::array<std::vector<double>, kinds.size()>;  // microseconds

// Without those above the time that so many of all samples stay below.
Samples without_slowest(const Samples& samples) {
    std::vector<double> all;
    for (const auto& kind : samples)
        all.insert(all.end(), kind.begin(), kind.end());
    const auto middle =
        all.begin() + static_cast<std::ptrdiff_t>(share_kept * static_cast<double>(all.size()));
    std::ranges::nth_element(all, middle);
    const auto limit = *middle;
    auto kept = samples;
    for (auto& kind : kept)
        std::erase_if(kind, [limit](double sample) { return sample > limit; });
    return kept;
}

std::chrono::nanoseconds system_time() {
    return std::chrono::system_clock::now().time_since_epoch();
}

class Guesser {
public:
    explicit Guesser(const Options& options)
        : options_(options), secret_(options.secret), socket_(options.port), random_(options.seed) {}

    Samples measure() {
        for (std::uint32_t i = 0; i < warm_up; ++i)
            ask(kinds[i % kinds.size()], i / kinds.size() % names);
        Samples samples;
        std::array<std::size_t, kinds.size()> order{};
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        for (std::uint32_t i = 0; i < options_.logins; ++i) {
            std::ranges::shuffle(order, random_);
            for (const auto kind : order)
                samples[kind].push_back(ask(kinds[kind], i % names));
        }
        return samples;
    }

private:
    double ask(const Kind& kind, std::uint32_t index) {
        const auto guess = kind.guess(index);
        nas::Authenticator authenticator;
        for (auto& octet : authenticator)
            octet = static_cast<std::uint8_t>(random_());
        nas::Request making(nas::Code::access_request, identifier_++, authenticator);
        making.add(nas::Attribute::user_name, guess.user);
        if (options_.method == Method::pap)
            making.add_password(guess.password, secret_);
        else
            making.add_chap_password(guess.password, secret_);
        const auto request = making.sign(secret_);

        const auto sent_at = system_time();
        socket_.send(request);
        const auto answer = socket_.receive(answer_time_limit);
        if (!answer || !nas::answers(*answer, request, secret_) ||
            nas::code_of(*answer) != static_cast<std::uint8_t>(nas::Code::access_reject))
            throw std::runtime_error("no Access-Reject for " + guess.user);
        return std::chrono::duration<double, std::micro>(socket_.arrived_at() - sent_at).count();
    }

    const Options& options_;
    nas::Secret secret_;
    RadiusSocket socket_;
    std::mt19937_64 random_;
    std::uint8_t identifier_{};
};

int run(const Options& options) {
    const auto samples = Guesser(options).measure();
    const auto kept = without_slowest(samples);
    auto report = nlohmann::ordered_json::object();
    double largest = 0;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        report["mean_us"][kinds[i].name] = moments_of(kept[i]).mean;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto next = (i + 1) % kinds.size();
        const auto pair = std::string(kinds[i].name) + " - " + kinds[next].name;
        const auto all = welch_t(samples[i], samples[next]);
        const auto fastest = welch_t(kept[i], kept[next]);
        report["t"][pair] = {
            {"all",             all    },
            {"without_slowest", fastest}
        };
        largest = std::max({largest, std::abs(all), std::abs(fastest)});
    }
    report["logins"] = options.logins;
    report["largest_t"] = largest;
    std::cout << report.dump(2) << '\n';
    return largest < t_limit ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App line{"Compares the times of Access-Rejects. Exit status 2 if they tell who exists."};
    Options options;
    const std::map<std::string, Method> methods{
        {"pap",  Method::pap },
        {"chap", Method::chap}
    };
    line.add_option("--port", options.port, "UDP port on 127.0.0.1, of a daemon without reject_delay_ms");
    line.add_option("--secret", options.secret, "Shared secret");
    line.add_option("--method", options.method, "pap or chap")->transform(CLI::CheckedTransformer(methods));
    line.add_option("--logins", options.logins, "Of each kind")->check(CLI::Range(2U, 10'000'000U));
    line.add_option("--seed", options.seed, "Of what is random");
    return hourglass::bench::run_program("timing_of_rejects", line, argc, argv, [&] { return run(options); });
}
