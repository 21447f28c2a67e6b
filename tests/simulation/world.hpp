// What really happens: NASes with clocks of their own, their sessions, and the network that loses, repeats,
// delays and reorders what they report. One random engine decides all of it; time is virtual.
//
// A NAS repeats a report until it hears an answer, at most for a while. It uses a session id again only when
// it knows the stay before over (its Stop, or an Accounting-On, was answered), and reports nothing of a stay
// under such an id before its Start is answered: until then nobody could tell the two apart. Where a NAS
// sends no Event-Timestamp, the network delays less than a stay lasts; otherwise for hours.
#pragma once

#include "store/accounting_record.hpp"

#include <map>
#include <optional>
#include <random>
#include <variant>
#include <vector>

namespace hourglass::test {

using WorldSeconds = std::int64_t;

struct WorldStay {
    std::size_t user{};
    std::size_t nas{};
    int id{};
    WorldSeconds begin{};  // by the clock of its NAS: what a Start says
    WorldSeconds length{};
    WorldSeconds next_interim{};
    bool is_under_used_id{};
    bool is_running{true};  // at its NAS
    bool is_cut{};          // by a restart: no Stop
    bool is_start_answered{};
    bool is_stop_answered{};
    std::optional<WorldSeconds> first_answer{};
};

struct Arrival {
    std::size_t report{};
    std::optional<std::size_t> stay{};  // nullopt: an Accounting-On or -Off
    std::size_t nas{};
    std::variant<store::AccountingRecord, store::NasRestart> message;
};

class World {
public:
    static constexpr std::size_t nases = 8;
    static constexpr WorldSeconds interim_interval = 30;
    static constexpr int tick_max = 3;  // seconds
    // The event time of one report of a NAS without Event-Timestamp varies by this.
    static constexpr WorldSeconds blurred_max = 30;

    World(unsigned seed, std::vector<std::string> usernames);

    // Goes on until something arrives.
    std::vector<Arrival> next();
    // The NAS may hear the answer.
    void answer(const Arrival& arrival);
    // A long time passes in which all NASes are off.
    void leap(WorldSeconds by);

    store::Time time() const { return store::Time(std::chrono::seconds(now_)); }
    const std::vector<WorldStay>& stays() const { return stays_; }
    bool is_stamped(std::size_t nas) const { return nas_[nas].is_stamped; }
    static std::string name_of(std::size_t nas) { return "nas" + std::to_string(nas); }

private:
    enum class Kind { start, interim, stop, restart };

    struct Report {
        Kind kind{};
        std::optional<std::size_t> stay{};
        std::size_t nas{};
        WorldSeconds made_at{};
        WorldSeconds event{};  // by the clock of the NAS
        WorldSeconds session_time{};
        int tries{};
        WorldSeconds next_try{};
    };
    struct Copy {
        WorldSeconds arrives{};
        WorldSeconds acct_delay_time{};
        std::size_t report{};
    };
    struct FreeId {
        int id{};
        WorldSeconds from{};
    };
    struct Nas {
        bool is_stamped{};
        WorldSeconds skew{};
        std::vector<FreeId> free_ids;
        std::map<int, std::size_t> last_users;  // by session id
        std::vector<std::size_t> running;
        std::vector<std::size_t> queue;  // reports without an answer
        std::vector<std::size_t> cut;    // by the restart under way
        std::optional<std::size_t> on;   // the Accounting-On without an answer
        std::optional<WorldSeconds> boots_at;
        WorldSeconds rests_until{};
        WorldSeconds cut_off_until{};  // its sessions go on
    };

    int up_to(int most) { return std::uniform_int_distribution<>(0, most)(random_); }
    bool happens(int percent) { return up_to(99) < percent; }
    void act(std::size_t index);
    void run_sessions(std::size_t index);
    void begin_stay(std::size_t index);
    std::size_t choose_user(const Nas& nas, int id);
    void shut_down(std::size_t index);
    void boot(std::size_t index);
    void report(Kind kind, std::size_t nas, std::optional<std::size_t> stay);
    void send_due(std::size_t index);
    bool is_held(const Report& report) const;
    void send(std::size_t report);
    WorldSeconds network_delay(const Nas& nas);
    Arrival arrival_of(const Copy& copy) const;

    std::mt19937 random_;
    std::vector<std::string> usernames_;
    WorldSeconds now_ = 1'700'000'000;
    std::vector<Nas> nas_;
    std::vector<WorldStay> stays_;
    std::vector<Report> reports_;
    std::vector<Copy> network_;
};

}  // namespace hourglass::test
