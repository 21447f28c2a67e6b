-- add_credit: adds to a user's balance, or takes from it. Atomic, and with an idempotency key safe to repeat.
-- KEYS  user, account, credits, idempotency
-- ARGV  1 seconds   2 now (s)   3 who   4 reason   5 the most a balance may be
--       6 idempotency key with whose it is ('': none)   7 how long keys are remembered (s)
--       8 stale limit of users who have none of their own (s)
-- Returns {'done', number of the credit, its line, how many running sessions are concerned}, for a repeated key
-- those of the first time; or {'not_found'}, {'not_metered'}, {'insufficient'}, {'excessive'}; or {'key_reused'} where
-- the key came with another credit.
-- What is left now, after what running sessions have not reported yet, must not fall below zero.
-- A line of credits is as write_user writes it. Idempotency has a field for each key: when, outcome, number of the
-- credit (0: refused), seconds, reason; and 'swept', when old keys were last dropped.
-- Includes sessions.lua.
local user_key, account_key, credits_key, idempotency_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local seconds, now, who, reason = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4]
local balance_max, key, retention = tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7])
local field = 'k' .. key
local sweep_interval = 3600

if redis.call('EXISTS', user_key) == 0 then return {'not_found'} end

local running = sessions_in(redis.call('HGETALL', account_key))
local request = string.format('%d %s', seconds, reason)

local function result(outcome, number)
    if outcome ~= 'done' then return {outcome} end
    return {outcome, number, redis.call('LINDEX', credits_key, number - 1), #running}
end

local known = key ~= '' and redis.call('HGET', idempotency_key, field)
if known then
    local outcome, number, first_request = string.match(known, '^%d+ (%S+) (%d+) (.*)$')
    if first_request ~= request then return {'key_reused'} end
    return result(outcome, tonumber(number))
end

local function sweep()
    local swept = tonumber(redis.call('HGET', idempotency_key, 'swept')) or 0
    if now - swept < sweep_interval then return end
    local entries = redis.call('HGETALL', idempotency_key)
    for i = 1, #entries, 2 do
        local is_old = now - tonumber(string.match(entries[i + 1], '^%d+')) > retention
        if entries[i] ~= 'swept' and is_old then redis.call('HDEL', idempotency_key, entries[i]) end
    end
    redis.call('HSET', idempotency_key, 'swept', ARGV[2])
end

local function finish(outcome, number)
    if key ~= '' then
        sweep()
        redis.call('HSET', idempotency_key, field, string.format('%d %s %d %s', now, outcome, number, request))
    end
    return result(outcome, number)
end

local stored = redis.call('HMGET', account_key, 'credited', 'consumed', 'stale_limit')
local credited, consumed = tonumber(stored[1]), tonumber(stored[2]) or 0
if not credited then return finish('not_metered', 0) end

local before = credited - consumed
local after = before + seconds
local live = math.max(0, before - unreported(running, now, tonumber(stored[3] or ARGV[8])))
if seconds < 0 and live + seconds < 0 then return finish('insufficient', 0) end
if after > balance_max then return finish('excessive', 0) end

redis.call('HSET', account_key, 'credited', string.format('%d', credited + seconds))
if #running > 0 then redis.call('HINCRBY', account_key, 'changes', 1) end
local line = string.format('%d %d %d %d %d:%s%s', now, seconds, before, after, #who, who, reason)
return finish('done', redis.call('RPUSH', credits_key, line))
