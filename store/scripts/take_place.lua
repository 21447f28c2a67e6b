-- take_place: lets one more login in, or tells whether it would be, and reserves its place until its session begins. A
-- place counts once, whatever runs or was reserved there; a repeated login renews its own reservation.
-- KEYS  account, details
-- ARGV  1 'take' | 'look' (changes nothing)   2 place   3 now (s)   4 how long a reservation lasts (s)
--       5 how many places there are ('': no matter)   6 how many seconds to hold at most ('': none)
--       7 stale limit of users who have none of their own (s)
-- Returns {'free' | 'none_free' (no place) | 'all_held' (of the balance), how many other places are in use, the seconds held for this
-- one or nil}.
-- Includes sessions.lua.
-- Includes places.lua.
local account_key, details_key = KEYS[1], KEYS[2]
local is_taken, own, now, lifetime = ARGV[1] == 'take', ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local places_max, wanted, stale_limit = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])

local account = redis.call('HGETALL', account_key)
local stored = {}
for i = 1, #account, 2 do stored[account[i]] = account[i + 1] end
stale_limit = tonumber(stored.stale_limit) or stale_limit

local sessions, reservations = sessions_in(account), reservations_in(account)
for _, session in ipairs(sessions) do
    session.place = place_of(session.field, redis.call('HGET', details_key, session.number))
    session.held = tonumber(stored['h' .. session.field])
end

-- No session came of it. One that ran there all the while was authenticated anew: it has the seconds from then on.
local function expire(reservation)
    if is_taken then redis.call('HDEL', account_key, 'r' .. reservation.place) end
    for _, session in ipairs(sessions) do
        if session.place == reservation.place and session.held and reservation.held then
            local used = session.mark + reservation.ends - lifetime - session.heard
            session.held = math.max(session.held, used + reservation.held)
            if is_taken then redis.call('HSET', account_key, 'h' .. session.field, string.format('%d', session.held)) end
        end
    end
end

local held_at = {}
local function occupy(place, seconds) held_at[place] = math.max(held_at[place] or 0, seconds) end

for _, reservation in ipairs(reservations) do
    if reservation.ends <= now then expire(reservation) else occupy(reservation.place, reservation.held or 0) end
end
for _, session in ipairs(sessions) do
    local used = session.mark + unreported({session}, now, stale_limit)
    occupy(session.place, (session.held or 0) - used)
end

local others, held = 0, 0
for place, seconds in pairs(held_at) do
    if place ~= own then others, held = others + 1, held + seconds end
end
if places_max and others >= places_max then return {'none_free', others, false} end

local own_held = false
if wanted and stored.credited then
    local left = tonumber(stored.credited) - (tonumber(stored.consumed) or 0) - unreported(sessions, now, stale_limit)
    own_held = math.min(wanted, left - held)
    if own_held <= 0 then return {'all_held', others, false} end
end
if is_taken then
    local text = string.format('%d %s', now + lifetime, own_held and string.format('%d', own_held) or '-')
    redis.call('HSET', account_key, 'r' .. own, text, 'reserved', '1')
end
return {'free', others, own_held}
