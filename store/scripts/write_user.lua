-- write_user: makes a user's record, or changes named fields of one, and sets the balance.
-- KEYS  user, account, credits, extra
-- ARGV  1 'create' | 'change'   2 what happens to the balance: 'keep' | 'set' | 'clear' (no longer metered)
--       3 balance to set   4 now (s)   5 who   6 reason   7 the version to change, empty: any
--       8 stale limit of users who have none of their own (s)   9 'tell' if running sessions are concerned
--       10 n, then n pairs of field and value, then fields to remove
-- Returns {'done', what the indexes knew, what they must know now, how many running sessions are concerned}, the second
-- and third each {user name, organization, is_active, external_id, extra id}; or {'not_found'}, or {'exists'}, or {'version_changed'}.
-- The balance is set as of now: what running sessions have used and not reported is put on top, so that their next
-- reports do not eat it.
-- A line of credits is: when, change, balance before and after ('-': not metered), length of who, ':', who, reason.
-- Includes sessions.lua.
local user_key, account_key, credits_key, extra_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local mode, balance_mode, balance, now, who, reason, expected = unpack(ARGV, 1, 7)
local stale_limit, is_telling, count = ARGV[8], ARGV[9] == 'tell', ARGV[10]

local exists = redis.call('EXISTS', user_key) == 1
if mode == 'create' and exists then return {'exists'} end
if mode == 'change' and not exists then return {'not_found'} end
if expected ~= '' and redis.call('HGET', user_key, 'version') ~= expected then return {'version_changed'} end

local function membership()
    local known = redis.call('HMGET', user_key, 'username', 'organization', 'is_active', 'external_id')
    known[5] = redis.call('HGET', extra_key, 'id')
    return known
end

local before = membership()

local first_removed = 11 + 2 * count
for i = 11, first_removed - 1, 2 do redis.call('HSET', user_key, ARGV[i], ARGV[i + 1]) end
for i = first_removed, #ARGV do redis.call('HDEL', user_key, ARGV[i]) end
redis.call('HINCRBY', user_key, 'version', 1)

local running = (is_telling or balance_mode ~= 'keep') and sessions_in(redis.call('HGETALL', account_key)) or {}
if #running > 0 then redis.call('HINCRBY', account_key, 'changes', 1) end

if balance_mode ~= 'keep' then
    local stored = redis.call('HMGET', account_key, 'credited', 'consumed', 'stale_limit')
    local credited, consumed = tonumber(stored[1]), tonumber(stored[2]) or 0
    local old = credited and string.format('%d', credited - consumed) or '-'
    local new, change = '-', -(credited or 0)
    if balance_mode == 'set' then
        local settled = tonumber(balance) + unreported(running, tonumber(now), tonumber(stored[3] or stale_limit))
        new, change = string.format('%d', settled), settled + consumed - (credited or 0)
        redis.call('HSET', account_key, 'credited', string.format('%d', settled + consumed))
    else
        redis.call('HDEL', account_key, 'credited')
    end
    redis.call('RPUSH', credits_key, string.format('%s %d %s %s %d:%s%s', now, change, old, new, #who, who, reason))
end

-- Where sessions run, the account has these too: see apply_accounting.
local after = membership()
local is_known_otherwise = after[1] ~= before[1] or after[2] ~= before[2]
if is_known_otherwise and redis.call('HEXISTS', account_key, 'username') == 1 then
    redis.call('HSET', account_key, 'username', after[1], 'organization', after[2] or '0')
end

return {'done', before, after, #running}
